/** The writer's thread: a connection of its own, so that waiting for the disk never stops the requests. */
import type { Database } from "bun:sqlite";
import type { Outcome } from "../ledger/commands.ts";
import { isBusy, openSqliteFile } from "../sqlite.ts";
import { packOutcomes, unpackCommands } from "./packing.ts";
import { askSqliteForRoom, keepSqliteBooks } from "./sqlite-rows.ts";

/** A batch, or a question for room where there are no commands. */
export interface ThreadBatch {
  batch: number;
  file: string;
  nowMs: number;
  /** Bounds the file as a full disk would. */
  mostPages: number | null;
  packed: string | null;
}
export type ThreadRequest = ThreadBatch | "close";
export type ThreadAnswer = { batch: number } & ({ outcomes: string } | { failure: ThreadFailure });
export interface ThreadFailure {
  message: string;
  /** SQLite's name for it, or the name of the JavaScript error. */
  code: string;
}

/** How long a batch waits for another process's commit, */
const BUSY_LIMIT_MS = 5_000;
/** and how often it looks. SQLite by itself looks more and more seldom, so that who waits is passed again and again. */
const LOOK_EVERY_MS = 1;

declare const self: Worker;
let database: Database | undefined;

self.onmessage = ({ data: request }: MessageEvent<ThreadRequest>) => {
  if (request === "close") {
    database?.close();
    process.exit();
  }
  const answer: ThreadAnswer = { batch: request.batch, ...write(request) };
  self.postMessage(answer);
};

function write(request: ThreadBatch): { outcomes: string } | { failure: ThreadFailure } {
  try {
    database ??= opened(request.file);
    if (request.mostPages !== null) database.run(`PRAGMA max_page_count = ${request.mostPages}`);
    return { outcomes: packOutcomes(keepInTurn(database, request)) };
  } catch (error) {
    if (!(error instanceof Error)) return { failure: { message: String(error), code: "" } };
    return { failure: { message: error.message, code: "code" in error ? String(error.code) : error.name } };
  }
}

function opened(file: string): Database {
  const database = openSqliteFile(file);
  database.run(`PRAGMA busy_timeout = ${LOOK_EVERY_MS}`);
  return database;
}

/** Nothing of a batch is written while another process writes, so it can be begun anew. */
function keepInTurn(database: Database, request: ThreadBatch): Outcome[] {
  for (const endsAtMs = performance.now() + BUSY_LIMIT_MS; ; ) {
    try {
      return keep(database, request);
    } catch (error) {
      if (!isBusy(error) || performance.now() > endsAtMs) throw error;
    }
  }
}

function keep(opened: Database, { nowMs, packed }: ThreadBatch): Outcome[] {
  if (packed === null) {
    askSqliteForRoom(opened, nowMs);
    return [];
  }
  return keepSqliteBooks(opened, unpackCommands(packed), nowMs);
}
