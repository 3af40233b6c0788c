/** What the ids of the audit log are called today. The log itself holds no name, so that an erased account leaves none. */
import type { Db } from "../open.ts";

export interface AuditNames {
  /** E-mail addresses, by the id of the account. */
  accounts: ReadonlyMap<string, string>;
  /** Descriptions, by the id of the key; of deleted ones too. */
  keys: ReadonlyMap<string, string>;
  providers: ReadonlyMap<string, string>;
}

/** `within`: names of this account and its keys alone. */
export async function auditNames(db: Db, ids: readonly string[], within: string | null): Promise<AuditNames> {
  if (ids.length === 0) return { accounts: new Map(), keys: new Map(), providers: new Map() };
  let people = db.selectFrom("user").select(["id", "email"]).where("id", "in", ids);
  let keys = db.selectFrom("api_key").select(["id", "name"]).where("id", "in", ids);
  if (within !== null) {
    people = people.where("id", "=", within);
    keys = keys.where("user_id", "=", within);
  }
  const providers =
    within === null ? await db.selectFrom("provider_key").select(["id", "name"]).where("id", "in", ids).execute() : [];
  return {
    accounts: new Map((await people.execute()).map(({ id, email }) => [id, email])),
    keys: new Map((await keys.execute()).map(({ id, name }) => [id, name])),
    providers: new Map(providers.map(({ id, name }) => [id, name])),
  };
}
