/** Every account, for whoever owns the instance: page by page in the order of their addresses. */
import { type SqlBool, sql } from "kysely";
import type { Db } from "../open.ts";
import type { BillingMode } from "./budgets.ts";
import { contains } from "./key-usage.ts";

export interface ListedAccount {
  id: string;
  name: string;
  /** A team has none: its id stands here. */
  email: string;
  role: "owner" | "member";
  kind: "person" | "team";
}

export interface AccountPage {
  accounts: ListedAccount[];
  nextCursor: string | null;
  total: number;
}

export type AccountPageStore = ReturnType<typeof createAccountPageStore>;

export function createAccountPageStore(db: Db) {
  // Whoever has not opened the link of the first mail is no account yet.
  const verified = db.selectFrom("user").where(sql<SqlBool>`email_verified = true`);
  return {
    async page(options: {
      search?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    }): Promise<AccountPage> {
      const { search = "", cursor = "", limit } = options;
      let matching = verified;
      if (search !== "")
        matching = matching.where((eb) => eb.or([contains("email", search), contains("name", search)]));
      const counted = await matching.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
      const rows = await matching
        .select(["id", "name", "email", "role", "kind"])
        .where("email", ">", cursor)
        .orderBy("email")
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit).map(listed);
      return {
        accounts: shown,
        nextCursor: rows.length > limit ? (shown.at(-1)?.email ?? null) : null,
        total: counted.total,
      };
    },

    /** An account by its id or its e-mail address. */
    async find(idOrEmail: string): Promise<ListedAccount | null> {
      const column = idOrEmail.includes("@") ? "email" : "id";
      const row = await verified
        .select(["id", "name", "email", "role", "kind"])
        .where(column, "=", column === "email" ? idOrEmail.trim().toLowerCase() : idOrEmail)
        .executeTakeFirst();
      return row ? listed(row) : null;
    },

    /** How accounts pay; those without a row are unmetered and left out. */
    async billing(userIds: readonly string[]): Promise<Map<string, BillingMode>> {
      if (userIds.length === 0) return new Map();
      const rows = await db.selectFrom("billing").select(["user_id", "mode"]).where("user_id", "in", userIds).execute();
      return new Map(rows.map(({ user_id, mode }) => [user_id, mode === "prepaid" ? "prepaid" : "unmetered"]));
    },

    /** The names of accounts, for who moved what. */
    async names(userIds: readonly string[]): Promise<Map<string, string>> {
      if (userIds.length === 0) return new Map();
      const rows = await db.selectFrom("user").select(["id", "name"]).where("id", "in", userIds).execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

function listed(row: Record<"id" | "name" | "email" | "role" | "kind", string>): ListedAccount {
  const role = row.role === "owner" ? "owner" : "member";
  return { ...row, role, kind: row.kind === "team" ? "team" : "person" };
}
