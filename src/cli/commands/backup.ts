import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { keyFileOf, usesKeyFile } from "../../config/encryption-keys.ts";
import type { Config } from "../../config/schema.ts";
import { backupSqlite } from "../../storage/backup.ts";
import type { Command, CommandInput } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";

const SECRET_FILE = "instance.secret";

export const backupCommand: Command = {
  words: ["backup"],
  summary: "Copy the embedded database to a file, beside a running server",
  positionals: ["file"],
  options: {},
  examples: [
    { line: "backup gapura-2026-11-24.db", meaning: "A checked copy of one moment; never written over another file" },
    { line: "backup /mnt/backups/gapura.db --data-dir /srv/gapura", meaning: "Another folder to another disk" },
  ],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    if (config.databaseUrl !== null) throw pgDumpInstead();
    const [name] = input.positionals;
    if (name === undefined || name.trim() === "") throw usageError("Name the file to write.", "gapura backup copy.db");
    const file = resolve(name);
    const sizeBytes = backupSqlite(config.dataDir, file);
    report(input, config, { file, sizeBytes });
    return exitCodes.ok;
  },
};

function report({ json, terminal }: CommandInput, config: Config, copy: { file: string; sizeBytes: number }): void {
  terminal.out(json ? JSON.stringify(copy) : copy.file);
  const keys = keyFileOf(config);
  if (usesKeyFile(config) && existsSync(keys)) {
    terminal.note(
      `Keep a copy of ${keys} too, in another place than this copy: without it the providers' keys in it cannot be opened; with both, anybody can.`,
    );
  }
  const secret = join(config.dataDir, SECRET_FILE);
  if (config.secret === null && existsSync(secret)) {
    terminal.note(`Keep ${secret} as well: without it, everybody has to log in again after a restore.`);
  }
}

function pgDumpInstead() {
  return failure(
    "The database is PostgreSQL, which has its own tools for copies that fit together.",
    'pg_dump --format=custom --file=gapura.dump "$DATABASE_URL"',
  );
}
