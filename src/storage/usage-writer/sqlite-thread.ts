/** The writer's thread: a connection of its own, so that waiting for the disk never stops the requests. */
import type { Database } from "bun:sqlite";
import { openSqliteFile } from "../sqlite.ts";
import { unpackRows } from "./rows.ts";
import { writeSqliteRows } from "./sqlite-rows.ts";

export type ThreadRequest = { batch: number; file: string /** By `packRows`. */; rows: string } | "close";
export type ThreadAnswer = { batch: number; failure: ThreadFailure | null };
export interface ThreadFailure {
  message: string;
  /** SQLite's name for it, or the name of the JavaScript error. */
  code: string;
}

declare const self: Worker;
let database: Database | undefined;

self.onmessage = ({ data: request }: MessageEvent<ThreadRequest>) => {
  if (request === "close") {
    database?.close();
    process.exit();
  }
  const answer: ThreadAnswer = { batch: request.batch, failure: write(request) };
  self.postMessage(answer);
};

function write({ file, rows }: Exclude<ThreadRequest, "close">): ThreadFailure | null {
  try {
    database ??= openSqliteFile(file);
    writeSqliteRows(database, unpackRows(rows));
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return { message: String(error), code: "" };
    return { message: error.message, code: "code" in error ? String(error.code) : error.name };
  }
}
