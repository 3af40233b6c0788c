/**
 * The database for one command, beside a running server or without one. SQLite's write-ahead log lets both work on the
 * same file; the server sees the change with its next look-up.
 */
import { ensureSecret } from "../config/instance-secret.ts";
import type { Config } from "../config/schema.ts";
import { type BudgetAdministration, createBudgetAdministration } from "../control/budgets/budget-administration.ts";
import { createKeyAdministration, type KeyAdministration } from "../control/keys/key-administration.ts";
import { systemClock } from "../kernel/clock.ts";
import { openStorage, type Storage } from "../storage/open.ts";
import { type AuditStore, createAuditStore } from "../storage/stores/audit.ts";

export async function withStorage<Result>(
  config: Config,
  work: (storage: Storage) => Promise<Result>,
): Promise<Result> {
  const storage = await openStorage({ dataDir: config.dataDir, databaseUrl: config.databaseUrl?.reveal() });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** The audit log of the instance, in which what the command line changes stands as well. */
export function auditOf(config: Config, { db }: Storage): AuditStore {
  const secret = config.secret ?? ensureSecret(config.dataDir);
  return createAuditStore(db, { secret, clock: systemClock });
}

/** A running server has them in force within a second. */
export function budgetAdministrationOf(config: Config, storage: Storage): BudgetAdministration {
  return createBudgetAdministration({ audit: auditOf(config, storage), clock: systemClock });
}

/** A running server sees the change with its next look at what changed. */
export function keyAdministrationOf(config: Config, storage: Storage): KeyAdministration {
  return createKeyAdministration({ audit: auditOf(config, storage), clock: systemClock, onKeyChanged: () => {} });
}
