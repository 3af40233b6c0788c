/** The writer's thread: a connection of its own, so that waiting for the disk never stops the requests. */
import type { Database } from "bun:sqlite";
import type { UsageRow } from "../schema.ts";
import { openSqliteFile } from "../sqlite.ts";
import { writeSqliteRows } from "./sqlite-rows.ts";

export type ThreadRequest =
  | { kind: "open"; file: string }
  | { kind: "write"; batch: number; rows: UsageRow[] }
  | { kind: "close" };
export type ThreadAnswer = { batch: number; error: string | null };

declare const self: Worker;
let database: Database | undefined;

self.onmessage = (event: MessageEvent<ThreadRequest>) => {
  const request = event.data;
  if (request.kind === "open") database = openSqliteFile(request.file);
  else if (request.kind === "close") {
    database?.close();
    process.exit();
  } else {
    const answer: ThreadAnswer = { batch: request.batch, error: write(request.rows) };
    self.postMessage(answer);
  }
};

function write(rows: UsageRow[]): string | null {
  try {
    if (!database) return "the writer has no database";
    writeSqliteRows(database, rows);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
