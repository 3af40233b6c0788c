/** Which account a command works for. Whoever can read the database from a terminal acts for every account in it. */

import { nearest } from "../config/nearest.ts";
import type { Db } from "../storage/open.ts";
import { failure } from "./exit.ts";

export interface AccountOfKeys {
  userId: string;
  name: string;
  email: string;
  isOwner: boolean;
}

/** The account with this address, or without one the owner. Undefined when there is no account at all. */
export async function findAccount(db: Db, email: string | undefined): Promise<AccountOfKeys | undefined> {
  const rows = await db.selectFrom("user").select(["id", "name", "email", "role"]).orderBy("created_at").execute();
  const accounts = rows.map((row) => ({
    userId: row.id,
    name: row.name,
    email: row.email,
    isOwner: row.role === "owner",
  }));
  if (email === undefined) {
    const owner = accounts.find((account) => account.isOwner);
    if (owner === undefined && accounts.length > 0)
      throw failure("No account owns this instance yet.", `Name one of its accounts: --account ${accounts[0]?.email}`);
    return owner;
  }
  const wanted = email.trim().toLowerCase();
  const found = accounts.find((account) => account.email.toLowerCase() === wanted);
  if (found !== undefined || accounts.length === 0) return found;
  const meant = nearest(
    wanted,
    accounts.map((account) => account.email),
  );
  throw failure(
    `There is no account with the address ${email}.`,
    ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
  );
}

/** The account, or a refusal that says how to make the first one. */
export async function requireAccount(db: Db, email: string | undefined): Promise<AccountOfKeys> {
  const account = await findAccount(db, email);
  if (account !== undefined) return account;
  throw failure("This instance has no account yet.", 'Create one with its first key: gapura keys create "First key"');
}
