/**
 * The database for one command, beside a running server or without one. SQLite's write-ahead log lets both work on the
 * same file; the server sees the change with its next look-up. What is changed carries the time as the database has it:
 * servers look for what is new by that, and the clock of the machine with the terminal may be wrong.
 */
import { ensureSecret } from "../config/instance-secret.ts";
import type { Config } from "../config/schema.ts";
import { type BudgetAdministration, createBudgetAdministration } from "../control/budgets/budget-administration.ts";
import { createKeyAdministration, type KeyAdministration } from "../control/keys/key-administration.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import { createDatabaseClock } from "../storage/database-clock.ts";
import { openStorage, type Storage } from "../storage/open.ts";
import { type AuditStore, createAuditStore } from "../storage/stores/audit.ts";

export interface CommandStorage extends Storage {
  clock: Clock;
}

export async function withStorage<Result>(
  config: Pick<Config, "dataDir" | "databaseUrl">,
  work: (storage: CommandStorage) => Promise<Result>,
): Promise<Result> {
  const storage = await openStorage({ dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() });
  try {
    const clock = await createDatabaseClock(storage, systemClock);
    return await work({ ...storage, clock });
  } finally {
    await storage.close();
  }
}

/** The audit log of the instance, in which what the command line changes stands as well. */
export function auditOf(config: Pick<Config, "dataDir" | "secret">, { db }: Storage): AuditStore {
  const secret = config.secret ?? ensureSecret(config.dataDir);
  return createAuditStore(db, { secret, clock: systemClock });
}

/** A running server has them in force within a second. */
export function budgetAdministrationOf(config: Config, storage: CommandStorage): BudgetAdministration {
  return createBudgetAdministration({ audit: auditOf(config, storage), clock: storage.clock });
}

/** A running server sees the change with its next look at what changed. */
export function keyAdministrationOf(
  config: Pick<Config, "dataDir" | "secret">,
  storage: CommandStorage,
): KeyAdministration {
  const { clock } = storage;
  return createKeyAdministration({ audit: auditOf(config, storage), clock, onKeyChanged: () => {} });
}
