/**
 * Checkpoints of the audit log: how long it is and how it ends, signed, in a file beside the database and in the log,
 * from where they should be carried elsewhere. They are what a cut end shows against.
 *
 * Invariants: the file only grows; nothing is signed before the rows since the last checkpoint have been verified.
 * Failure mode: a log that does not verify is told to `onBroken` each time, and no checkpoint is made of it.
 */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { type Checkpoint, isSigned, readCheckpoint, signCheckpoint } from "../../storage/stores/audit-chain.ts";
import type { AuditReport } from "../../storage/stores/audit-verify.ts";

export interface CheckpointOptions {
  audit: AuditStore;
  clock: Clock;
  dataDir: string;
  onCheckpoint(checkpoint: Checkpoint): void;
  onBroken(report: AuditReport): void;
}

export function checkpointFile(dataDir: string): string {
  return join(dataDir, "audit-checkpoints.jsonl");
}

/** Every checkpoint of a file, oldest first; none where there is no file. Lines that are none are left out. */
export async function readCheckpoints(file: string): Promise<Checkpoint[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .map(readCheckpoint)
    .filter((checkpoint): checkpoint is Checkpoint => checkpoint !== undefined);
}

/** Makes a checkpoint, when anything was recorded since the last. */
export async function makeCheckpoint(options: CheckpointOptions): Promise<void> {
  const { audit, clock, dataDir } = options;
  const file = checkpointFile(dataDir);
  const own = (await readCheckpoints(file)).filter((one) => one.keyId === audit.keys.id && isSigned(audit.keys, one));
  const last = own.at(-1);
  const after = last === undefined ? undefined : { seq: last.seq, hash: last.hash };
  const report = await audit.verify({ after });
  // Rows of a secret that was in force before cannot be verified, which is no sign that anybody touched them.
  if (report.problems.length > 0) return options.onBroken(report);
  if (report.rows === 0) return;
  const seq = (last?.seq ?? 0) + report.rows;
  const checkpoint = signCheckpoint(audit.keys, { at: clock.nowMs(), seq, hash: report.lastHash });
  await appendFile(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 });
  options.onCheckpoint(checkpoint);
}
