/**
 * Views: what somebody wants to see again on a page, under a name.
 *
 * Invariants: a view belongs to one person in one account; others of that account see it only where it is shared, and
 * nobody else ever does; a name stands once for each person and page, so saving it again replaces what it stood for.
 */
import { sql } from "kysely";
import { newId } from "../../kernel/ids.ts";
import type { Db } from "../open.ts";

/** How many views a person keeps in one account, on all pages together. */
export const MOST_VIEWS = 100;
/** How many a page lists, those that others share among them. */
const MOST_LISTED = 500;

export interface ViewPlace {
  accountId: string;
  /** Who asks. */
  userId: string;
}

export interface SavedViewContent {
  page: string;
  name: string;
  /** What stands behind the `?` of the page's address. */
  query: string;
  isShared: boolean;
}

export interface SavedView extends SavedViewContent {
  id: string;
  userId: string;
  /** The name of the person whose it is. */
  madeBy: string;
}

export type SavedViewStore = ReturnType<typeof createSavedViewStore>;

export function createSavedViewStore(db: Db) {
  const inAccount = ({ accountId, userId }: ViewPlace) =>
    db
      .selectFrom("saved_view")
      .innerJoin("user", "user.id", "saved_view.user_id")
      .select(["saved_view.id", "saved_view.user_id", "user.name as made_by", "saved_view.page"])
      .select(["saved_view.name", "saved_view.query", "saved_view.is_shared"])
      .where("saved_view.account_id", "=", accountId)
      .where((eb) => eb.or([eb("saved_view.user_id", "=", userId), eb("saved_view.is_shared", "=", 1)]));
  type Row = Awaited<ReturnType<ReturnType<typeof inAccount>["execute"]>>[number];
  const view = ({ user_id: userId, made_by: madeBy, is_shared, ...rest }: Row): SavedView => ({
    ...{ ...rest, userId, madeBy, isShared: is_shared === 1 },
  });
  return {
    /** The person's own and those that others share, by name. */
    async list(place: ViewPlace, page: string): Promise<SavedView[]> {
      const rows = await inAccount(place)
        .where("saved_view.page", "=", page)
        .orderBy(sql`lower(saved_view.name)`)
        .orderBy("saved_view.id")
        .limit(MOST_LISTED)
        .execute();
      return rows.map(view);
    },

    async get(place: ViewPlace, id: string): Promise<SavedView | null> {
      const row = await inAccount(place).where("saved_view.id", "=", id).executeTakeFirst();
      return row === undefined ? null : view(row);
    },

    /** Resolves to the view's id; null where the person has as many as there is room for. */
    async save({ accountId, userId }: ViewPlace, content: SavedViewContent, nowMs: number): Promise<string | null> {
      const { page, name, query, isShared } = content;
      const own = sql`from saved_view where account_id = ${accountId} and user_id = ${userId}`;
      const saved = await sql<{ id: string }>`
        insert into saved_view (id, account_id, user_id, page, name, query, is_shared, saved_at)
        select ${newId("view")}, ${accountId}, ${userId}, ${page}, ${name}, ${query}, ${sql.lit(isShared ? 1 : 0)},
          cast(${nowMs} as bigint)
        where (select count(*) ${own}) < ${sql.lit(MOST_VIEWS)}
          or exists (select 1 ${own} and page = ${page} and name = ${name})
        on conflict (account_id, user_id, page, name) do update
          set query = excluded.query, is_shared = excluded.is_shared, saved_at = excluded.saved_at
        returning id`.execute(db);
      return saved.rows[0]?.id ?? null;
    },

    async delete({ accountId }: Pick<ViewPlace, "accountId">, id: string): Promise<void> {
      await db.deleteFrom("saved_view").where("account_id", "=", accountId).where("id", "=", id).execute();
    },
  };
}
