/**
 * A copy of the embedded database for whoever owns the instance, as `gapura backup` makes it.
 *
 * Invariants: a copy is made by one at a time, is recorded in the audit log before it can be had, is fetched once, and
 * is gone from the server then; what nobody fetched within an hour is dropped. It lies in the data folder,
 * where only the server's user can read, and on the disk that has room for such a file.
 */
import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";

export interface BackupHandlerDeps {
  dataDir: string;
  /** Writes the copy and resolves to its size. Null where the database's own tools make copies. */
  copy: ((target: string) => Promise<number>) | null;
  audit: Pick<AuditStore, "record">;
  clock: Clock;
}

const FOLDER = "downloads";
const KEPT_FOR_MS = 3_600_000;
const PG_DUMP =
  'The database is PostgreSQL, which makes its own copies: pg_dump --format=custom --file=gapura.dump "$DATABASE_URL"';

export function backupHandlers(deps: BackupHandlerDeps): Handlers<"createBackup" | "downloadBackup"> {
  const { dataDir, copy, audit, clock } = deps;
  const folder = join(dataDir, FOLDER);
  const fileOf = (id: string) => join(folder, `${id}.db`);
  let isBusy = false;
  return {
    createBackup: async ({ account, visitor }) => {
      if (copy === null) throw new GapuraError("conflict", { values: { reason: PG_DUMP } });
      if (isBusy) throw failed("Another one is being made. Wait for it to end, and try again.");
      isBusy = true;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        pruneCopies(dataDir, clock.nowMs());
        const id = randomBytes(16).toString("hex");
        const sizeBytes = await copy(fileOf(id)).catch((cause) => {
          throw failed(cause instanceof Error ? cause.message : String(cause), cause);
        });
        const target = { kind: "settings", id: null };
        const actor = personActor(account.userId, visitor);
        await audit.record({ actor, action: "backup.create", target, after: { sizeBytes } });
        return { body: { id, name: nameAt(clock.nowMs()), sizeBytes } };
      } finally {
        isBusy = false;
      }
    },
    downloadBackup: async ({ params: { id }, request }) => {
      // Whoever asks for the head alone takes no copy away.
      const isHead = request.method === "HEAD";
      const opened = isHead ? sizeOf(fileOf(id)) : openOnce(fileOf(id));
      if (opened === null) throw new GapuraError("resource_not_found", { values: { what: "This copy" } });
      const headers = {
        "content-type": "application/vnd.sqlite3",
        "content-length": String(opened.sizeBytes),
        "content-disposition": `attachment; filename="${nameAt(clock.nowMs())}"`,
        "cache-control": "no-store",
      };
      return { body: "", answered: new Response(opened.body, { headers }) };
    },
  };
}

function failed(reason: string, cause?: unknown): GapuraError {
  return new GapuraError("copy_failed", { values: { reason }, cause });
}

function nameAt(nowMs: number): string {
  return `gapura-${new Date(nowMs).toISOString().slice(0, 19).replace(/:/g, "")}Z.db`;
}

function sizeOf(file: string): { body: null; sizeBytes: number } | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? { body: null, sizeBytes: found.size } : null;
}

/** Its name is gone at once: whoever reads it now is the last. Null where there is none. */
function openOnce(file: string): { body: ReadableStream; sizeBytes: number } | null {
  try {
    const { size: sizeBytes } = statSync(file);
    const fd = openSync(file, "r");
    rmSync(file);
    return { body: Readable.toWeb(createReadStream("", { fd })), sizeBytes };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Drops what nobody fetched in time. */
export function pruneCopies(dataDir: string, nowMs: number): void {
  const folder = join(dataDir, FOLDER);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const written = statSync(join(folder, name), { throwIfNoEntry: false });
    if (written && written.mtimeMs < nowMs - KEPT_FOR_MS) rmSync(join(folder, name), { force: true });
  }
}
