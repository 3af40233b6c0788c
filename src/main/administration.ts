/** What the owner of the instance sees and does about the instance itself, from what only a running server knows. */
import { statfs } from "node:fs/promises";
import { sql } from "kysely";
import { type SettingLine, settingLines } from "../cli/checks/settings.ts";
import { version } from "../cli/version.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { Provider } from "../contract/schemas/instance.ts";
import { backupHandlers } from "../control/administration/backup-handlers.ts";
import { mailHandlers } from "../control/administration/mail-handlers.ts";
import { peopleHandlers } from "../control/administration/people-handlers.ts";
import { type SystemHandlerDeps, systemHandlers } from "../control/administration/system-handlers.ts";
import type { OnKeyChanged } from "../control/keys/key-changes.ts";
import type { Mailer } from "../mail/mailer.ts";
import { backupBeside } from "../storage/backup-beside.ts";
import type { MoneyLedger } from "../storage/ledger/ledger.ts";
import type { Storage } from "../storage/open.ts";
import { createAccountStore } from "../storage/stores/accounts.ts";
import type { Ground } from "./ground.ts";
import type { SharedJobs } from "./shared-jobs.ts";

/** What was read at the start, and which of several processes this is. */
export interface Start {
  /** Where the settings came from; missing where nobody told. */
  loaded: Pick<LoadedConfig, "sources" | "configFile"> | undefined;
  /** From 1. */
  processNumber: number;
  jobs: SharedJobs;
  startedAtMs: number;
}

interface Parts {
  mailer: Mailer;
  ledger: Pick<MoneyLedger, "trouble">;
  start: Start;
  providers(): Provider[];
  onKeyChanged: OnKeyChanged;
}

export function administrationHandlers(ground: Ground, { mailer, ledger, start, providers, onKeyChanged }: Parts) {
  const { config, storage, audit, mails, clock } = ground;
  const { db, engine } = storage;
  const { dataDir, baseUrl, mailFrom: from, smtpUrl } = config;
  const place =
    smtpUrl === null
      ? { delivery: "mailbox" as const, server: null, from }
      : { delivery: "smtp" as const, server: new URL(smtpUrl.reveal()).host, from };
  const copy = engine === "sqlite" ? (target: string) => backupBeside({ dataDir, target }) : null;
  return {
    ...peopleHandlers({ db, audit, accounts: createAccountStore(db, engine), clock, onKeyChanged }),
    ...mailHandlers({ mailer, mails, place, baseUrl }),
    ...backupHandlers({ dataDir, copy, audit, clock }),
    ...systemHandlers({
      version,
      startedAtMs: start.startedAtMs,
      database: () => databaseOf(storage),
      disk: () => diskOf(dataDir),
      process: { number: start.processNumber, of: config.workers },
      usageTrouble: () => ledger.trouble(),
      providers,
      jobs: start.jobs.states,
      configuration: configurationOf(config, start.loaded),
    }),
  };
}

export function configurationOf(config: Config, loaded: Start["loaded"]): SystemHandlerDeps["configuration"] {
  if (loaded === undefined) return { file: null, settings: [] };
  const line = ({ name, value, source, kind }: SettingLine) => ({ name, value, source: kind, place: source });
  return { file: loaded.configFile, settings: settingLines({ config, sources: loaded.sources }).map(line) };
}

export async function databaseOf({ db, engine, file }: Storage): ReturnType<SystemHandlerDeps["database"]> {
  if (file === null) {
    const { rows } = await sql<{ version: string; bytes: number }>`
      select split_part(current_setting('server_version'), ' ', 1) as version,
      pg_database_size(current_database()) as bytes`.execute(db);
    return { engine, version: rows[0]?.version ?? "", sizeBytes: rows[0]?.bytes ?? 0 };
  }
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  // The newest changes lie beside the file until they are taken over.
  const sizes = [file, `${file}-wal`].map((path) => Bun.file(path).size);
  return { engine, version: rows[0]?.version ?? "", sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function diskOf(dataDir: string): ReturnType<SystemHandlerDeps["disk"]> {
  const disk = await statfs(dataDir).catch(() => null);
  if (disk === null) return null;
  return { freeBytes: disk.bavail * disk.bsize, sizeBytes: disk.blocks * disk.bsize };
}
