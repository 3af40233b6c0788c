/** What the ids of the audit log are called today. The log itself holds no name, so that an erased account leaves none. */
import { accountLabel } from "../../kernel/account-label.ts";
import type { Db } from "../open.ts";

export interface AuditNames {
  /** E-mail addresses, and names of teams, by the id of the account. */
  accounts: ReadonlyMap<string, string>;
  /** Descriptions, by the id of the key; of deleted ones too. */
  keys: ReadonlyMap<string, string>;
  providers: ReadonlyMap<string, string>;
}

/** `within`: names of this account, of who belongs to it or did, and of its keys alone. */
export async function auditNames(db: Db, ids: readonly string[], within: string | null): Promise<AuditNames> {
  if (ids.length === 0) return { accounts: new Map(), keys: new Map(), providers: new Map() };
  let people = db.selectFrom("user").select(["id", "email", "name", "kind"]).where("id", "in", ids);
  let keys = db.selectFrom("api_key").select(["id", "name"]).where("id", "in", ids);
  if (within !== null) {
    const members = db.selectFrom("account_member").select("user_id").where("account_id", "=", within);
    people = people.where((eb) => eb.or([eb("id", "=", within), eb("id", "in", members)]));
    keys = keys.where("user_id", "=", within);
  }
  const providers =
    within === null ? await db.selectFrom("provider_key").select(["id", "name"]).where("id", "in", ids).execute() : [];
  return {
    accounts: new Map((await people.execute()).map((account) => [account.id, accountLabel(account)])),
    keys: new Map((await keys.execute()).map(({ id, name }) => [id, name])),
    providers: new Map(providers.map(({ id, name }) => [id, name])),
  };
}
