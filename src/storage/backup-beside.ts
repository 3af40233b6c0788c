/** `backupSqlite` for a server that goes on answering meanwhile. */
import { StorageError } from "./sqlite.ts";

export interface BackupRequest {
  dataDir: string;
  target: string;
}
export type BackupAnswer = { sizeBytes: number } | { failure: string };

/** Writes the copy to the file `target` and resolves to its size in bytes. Rejects with StorageError. */
export function backupBeside(request: BackupRequest): Promise<number> {
  const thread = new Worker(new URL("./backup-thread.ts", import.meta.url));
  const answer = new Promise<number>((resolve, reject) => {
    thread.onmessage = ({ data }: MessageEvent<BackupAnswer>) => {
      if ("failure" in data) reject(new StorageError(data.failure));
      else resolve(data.sizeBytes);
    };
    thread.onerror = ({ message }) => reject(new StorageError(`The copy could not be made: ${message}`));
    thread.addEventListener("close", () => reject(new StorageError("The copy could not be made: it was stopped.")));
  });
  thread.postMessage(request);
  return answer.finally(() => thread.terminate());
}
