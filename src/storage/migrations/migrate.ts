/**
 * Forward-only migrations, one list for both engines. Nothing is guessed at: a database that a newer release has
 * migrated, or that another application fills, is refused.
 *
 * Invariants: all that is due happens in one transaction, so a process that dies half-way leaves the database as it
 * was; of several processes that start at once, one migrates and the others wait for it.
 */
import { type Kysely, type Migration, Migrator } from "kysely";
import type { Engine } from "../engine.ts";
import type { Schema } from "../schema.ts";
import { StorageError } from "../sqlite.ts";
import { foundation } from "./0001-foundation.ts";
import { keyAdministration } from "./0002-key-administration.ts";
import { generations } from "./0003-generations.ts";
import { providerKeys } from "./0004-provider-keys.ts";
import { routing } from "./0005-routing.ts";
import { ledger } from "./0006-ledger.ts";
import { prices } from "./0007-prices.ts";
import { safety } from "./0007-safety.ts";
import { accountCaps } from "./0008-account-caps.ts";
import { limitNotices } from "./0008-limit-notices.ts";
import { providerTurns } from "./0009-provider-turns.ts";
import { ledgerEnds } from "./0010-ledger-ends.ts";
import { keySecrets } from "./0011-key-secrets.ts";
import { usageSums } from "./0012-usage-sums.ts";
import { capShares } from "./0013-cap-shares.ts";
import { keyLife } from "./0014-key-life.ts";
import { signIn } from "./0015-sign-in.ts";
import { alerts } from "./0016-alerts.ts";
import { teams } from "./0017-teams.ts";
import { savedViews } from "./0018-saved-views.ts";
import { allowedModels } from "./0019-allowed-models.ts";
import { instanceDays } from "./0020-instance-days.ts";
import { modelPrices } from "./0021-model-prices.ts";
import { MIGRATION_TABLE, readSchemaState, type SchemaState, schemaProblem } from "./schema-state.ts";

/** Every migration in order. Released ones never change; a new one goes to the end. */
export function migrations(engine: Engine): Record<string, Migration> {
  return {
    "0001-foundation": foundation(engine),
    "0002-key-administration": keyAdministration(),
    "0003-generations": generations(engine),
    "0004-provider-keys": providerKeys(),
    "0005-routing": routing(),
    "0006-ledger": ledger(engine),
    "0007-prices": prices(),
    "0007-safety": safety(engine),
    "0008-account-caps": accountCaps(),
    "0008-limit-notices": limitNotices(),
    "0009-provider-turns": providerTurns(),
    "0010-ledger-ends": ledgerEnds(),
    "0011-key-secrets": keySecrets(),
    "0012-usage-sums": usageSums(engine),
    "0013-cap-shares": capShares(),
    "0014-key-life": keyLife(),
    "0015-sign-in": signIn(),
    "0016-alerts": alerts(),
    "0017-teams": teams(),
    "0018-saved-views": savedViews(),
    "0019-allowed-models": allowedModels(),
    "0020-instance-days": instanceDays(engine),
    "0021-model-prices": modelPrices(),
  };
}

/** Brings the schema up to date. Throws StorageError, in words for the operator, for a database that it refuses. */
export async function migrate(db: Kysely<Schema>, engine: Engine): Promise<void> {
  const state = await schemaState(db, engine);
  const problem = schemaProblem(state, "The database");
  if (problem !== null) throw new StorageError(`${problem.text} ${problem.remedy}`);
  if (state.pending.length === 0) return;
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations(engine)) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  }).migrateToLatest();
  if (error !== undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(
      `The database schema could not be brought up to date, and was left as it was: ${reason}. Start the version of ` +
        "Gapura that ran before, and report this.",
    );
  }
}

/** How far the schema of an open database is. Reads and changes nothing. */
export function schemaState(db: Kysely<Schema>, engine: Engine): Promise<SchemaState> {
  return readSchemaState(db, { engine, known: Object.keys(migrations(engine)) });
}
