import type { Account } from "../../contract/schemas/account.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";

/** What a person is shown of the own account. */
export function accountBody(account: AccountRecord): Account {
  const { id, name, email, role, locale, createdAt } = account;
  return { id, name, email, role, locale, createdAt };
}
