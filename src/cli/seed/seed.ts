/** Fills a database with an invented year: accounts, keys, requests and their sums. */
import { sql } from "kysely";
import { createApiKey } from "../../kernel/api-key.ts";
import { newId } from "../../kernel/ids.ts";
import { SeededRandom } from "../../kernel/seeded-random.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { writeUsageInBulk } from "../../storage/bulk-usage.ts";
import type { Storage } from "../../storage/open.ts";
import { closeDays } from "../../storage/rollups/close-days.ts";
import { rebuildSums } from "../../storage/rollups/rebuild.ts";
import type { UsageRow } from "../../storage/schema.ts";
import { createAccountStore } from "../../storage/stores/accounts.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { inventRequests, type SeededAccount } from "./requests.ts";
import { SEED_ACCOUNTS, type SeedAccount } from "./world.ts";

const ROWS_PER_TRANSACTION = { sqlite: 20_000, postgres: 4_000 } as const;

export interface SeedOptions {
  requests: number;
  days: number;
  seed: number;
  nowMs: number;
  /** Of every new account; null for none, then it is set through "Forgot password?". */
  passwordHash: string | null;
  /** Hears how many requests have been written. */
  onProgress(written: number): void;
}

/** Resolves to how many requests were written. What is there already stays. */
export async function seedDatabase(storage: Storage, options: SeedOptions): Promise<number> {
  const { nowMs, days, requests } = options;
  const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
  const accounts: SeededAccount[] = [];
  for (const account of SEED_ACCOUNTS) accounts.push(await seedAccount(storage, account, { ...options, fromMs }));
  const random = new SeededRandom(options.seed);
  // Whoever loses a half-made seed in a power cut makes another one.
  storage.sqlite?.run("PRAGMA synchronous = OFF");
  const perTransaction = ROWS_PER_TRANSACTION[storage.engine];
  let waiting: UsageRow[] = [];
  let written = 0;
  const write = async () => {
    await writeUsageInBulk(storage, waiting);
    written += waiting.length;
    waiting = [];
    options.onProgress(written);
  };
  for (const rows of inventRequests(random, accounts, { fromMs, toMs: nowMs, requests })) {
    for (const row of rows) waiting.push(row);
    if (waiting.length >= perTransaction) await write();
  }
  await write();
  await rebuildSums(storage.db);
  await closeDays(storage.db, nowMs);
  if (storage.engine === "postgres") await sql`analyze`.execute(storage.db);
  return written;
}

async function seedAccount(
  { db, engine }: Storage,
  account: SeedAccount,
  { nowMs, fromMs, passwordHash }: SeedOptions & { fromMs: number },
): Promise<SeededAccount> {
  const store = createAccountStore(db, engine);
  const known = await store.findByEmail(account.email);
  const id = known?.id ?? newId("user");
  if (known === null) {
    await store.createWithoutPassword({ id, name: account.name, email: account.email }, nowMs);
    if ((await store.ownerId()) === null) await store.claimOwnership(id);
    if (passwordHash !== null) await store.setPasswordHash(id, passwordHash, nowMs);
  }
  const keys = createKeyStore(db);
  const keyIds: string[] = [];
  for (const { name } of account.keys) {
    // Nobody is told the key itself: what it was used for is all that is wanted of it.
    const key = createApiKey("inference");
    await keys.create(key, { userId: id, name, expiresAt: null }, fromMs);
    keyIds.push(key.publicId);
  }
  return { ...account, id, keyIds };
}
