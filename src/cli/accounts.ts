/** Which account a command works for. Whoever can read the database from a terminal acts for every account in it. */
import { nearest } from "../config/nearest.ts";
import { newId } from "../kernel/ids.ts";
import type { Storage } from "../storage/open.ts";
import { type AccountRecord, createAccountStore } from "../storage/stores/accounts.ts";
import { failure } from "./exit.ts";

/** The account with this address; without one the owner, or null while nobody owns the instance. */
export async function findAccount({ db, engine }: Storage, email: string | undefined): Promise<AccountRecord | null> {
  const store = createAccountStore(db, engine);
  if (email === undefined) {
    const ownerId = await store.ownerId();
    return ownerId === null ? null : store.findById(ownerId);
  }
  const wanted = email.trim().toLowerCase();
  const found = await store.findByEmail(wanted);
  if (found !== null) return found;
  const addresses = (await store.list()).map((account) => account.email);
  const meant = nearest(wanted, addresses);
  throw failure(
    `There is no account with the address ${wanted}.`,
    ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
  );
}

/** The account, or a refusal that says how to make the first one. */
export async function requireAccount(storage: Storage, email: string | undefined): Promise<AccountRecord> {
  const account = await findAccount(storage, email);
  if (account !== null) return account;
  throw failure("Nobody owns this instance yet.", 'Create the owner with a first key: gapura keys create "First key"');
}

/**
 * Makes the account that owns a new instance. It has no password: its owner sets one through "Forgot password?".
 * An account that somebody began to sign up with this address is not taken over, because whoever began it chose its
 * password.
 */
export async function createOwner(
  { db, engine }: Storage,
  person: { name: string; email: string },
): Promise<AccountRecord> {
  const store = createAccountStore(db, engine);
  if ((await store.findByEmail(person.email)) !== null) {
    throw failure(
      `There is already an account with the address ${person.email}, and it does not own this instance.`,
      "If it is yours, open the link in its mail to confirm it, and it becomes the owner. Or use another address.",
    );
  }
  const id = newId("user");
  await store.createWithoutPassword({ id, ...person }, Date.now());
  await store.claimOwnership(id);
  const created = await store.findById(id);
  if (created === null) throw failure("The account was removed a moment ago.");
  return created;
}
