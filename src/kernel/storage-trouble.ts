/** Why nothing can be written at the moment, and how a client is told. */
import { GapuraError } from "./errors.ts";

/** `full`: the disk has no room. `gone`: the database does not answer, or refuses for another reason. */
export type StorageTrouble = "full" | "gone";

/** SQLite's and PostgreSQL's words for a full disk. */
const DISK_FULL = /^(?:SQLITE_FULL|53100)/;

export function troubleOf(error: unknown): StorageTrouble {
  return error instanceof Error && "code" in error && DISK_FULL.test(String(error.code)) ? "full" : "gone";
}

/** For a call that is refused because of what failed, or of what is known of the database already. */
export function storageRefusal(cause: unknown, known: StorageTrouble | null = null): GapuraError {
  const isFull = known === "full" || troubleOf(cause) === "full";
  return isFull
    ? new GapuraError("storage_full", { cause, retryAfterSeconds: 10 })
    : new GapuraError("storage_unavailable", { cause, retryAfterSeconds: 2 });
}
