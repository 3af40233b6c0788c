/** Copies the embedded database on a thread of its own: a large one takes minutes, which calls must not wait for. */
import { backupSqlite } from "./backup.ts";
import type { BackupAnswer, BackupRequest } from "./backup-beside.ts";

declare const self: Worker;

self.onmessage = ({ data: { dataDir, target } }: MessageEvent<BackupRequest>) => {
  self.postMessage(copy(dataDir, target));
};

function copy(dataDir: string, target: string): BackupAnswer {
  try {
    return { sizeBytes: backupSqlite(dataDir, target) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
