/** What accounts and keys of the whole instance are called, for whoever owns it. */
import { accountLabel } from "../../kernel/account-label.ts";
import type { Db } from "../open.ts";

/** So many ids in one question: databases take only so many values. */
const PORTION = 5_000;

export type InstanceNames = ReturnType<typeof createInstanceNames>;

export function createInstanceNames(db: Db) {
  return {
    /** The address of a person, the name of a team, by the id of the account. */
    accounts: (ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
      inPortions(ids, async (portion) => {
        const rows = await db
          .selectFrom("user")
          .select(["id", "name", "email", "kind"])
          .where("id", "in", portion)
          .execute();
        return rows.map((row) => [row.id, accountLabel(row)]);
      }),

    /** Descriptions, by the id of the key; of deleted ones too. */
    keys: (ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
      inPortions(ids, async (portion) => {
        const rows = await db.selectFrom("api_key").select(["id", "name"]).where("id", "in", portion).execute();
        return rows.map(({ id, name }) => [id, name]);
      }),
  };
}

async function inPortions(
  ids: readonly string[],
  read: (portion: string[]) => Promise<[string, string][]>,
): Promise<ReadonlyMap<string, string>> {
  const distinct = [...new Set(ids)];
  const found = new Map<string, string>();
  for (let from = 0; from < distinct.length; from += PORTION)
    for (const [id, name] of await read(distinct.slice(from, from + PORTION))) found.set(id, name);
  return found;
}
