/**
 * Fetches newer prices from where the operator says, and keeps them in the data folder: one file for each version, so
 * that a charge can be recomputed for as long as its file is there.
 *
 * Invariants: a document is taken as a whole or not at all; what was in force stays in force until a better one has
 * been checked and written; nothing is fetched unless the operator has named an address.
 * Failure modes: `refresh` rejects with a sentence for the log; a kept file that cannot be read counts as not there.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PriceBook, priceBookSchema } from "../catalog/book/price-book.ts";
import { readPriceData } from "../catalog/book/read-price-data.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { KnownModels } from "../catalog/known-models.ts";
import type { Config } from "../config/schema.ts";
import { parseUpstreamJson } from "../gateway/ingress/upstream-json.ts";
import { AddressGuard } from "../gateway/transport/address-guard.ts";
import { boundedText } from "../gateway/transport/bounded-text.ts";
import { boundTo, createTransport, type Transport } from "../gateway/transport/transport.ts";
import type { Clock } from "../kernel/clock.ts";
import { parseJson } from "../kernel/json.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
/** Versions that stay in the folder. */
const MOST_KEPT = 60;
/** A document with prices of fewer models is cut short, or another document. */
const FEWEST_PRICED = 20;
const FILE = /^(\d{13})-[0-9a-f]{12}\.json$/;

export interface PriceRefreshOptions {
  url: string;
  dataDir: string;
  transport: Transport;
  clock: Clock;
  /** Gets every book that is in force from now on. */
  onPrices(models: KnownModels): void;
}

export interface PriceRefresh {
  /** When prices were last fetched with success, epoch milliseconds; null for never. */
  fetchedAtMs(): number | null;
  /** Fetches, checks, keeps and hands on. Resolves to the version in force. */
  refresh(): Promise<string>;
}

/** Where newer prices come from; null unless the operator has said so. Kept ones are in force when this returns. */
export function pricesFor(config: Config, catalog: Catalog, clock: Clock) {
  const { priceRefreshUrl: url, priceRefreshHours, dataDir } = config;
  if (url === null) return null;
  const guard = new AddressGuard({ allowPrivate: config.allowPrivateUpstream });
  const transport = boundTo(createTransport(guard), [url]);
  const onPrices = (models: KnownModels) => catalog.setRefreshed(models);
  return {
    refresh: createPriceRefresh({ url, dataDir, transport, clock, onPrices }),
    everyMs: priceRefreshHours * 3_600_000,
  };
}

/** Hands on the newest kept book at once, where there is one. */
export function createPriceRefresh(options: PriceRefreshOptions): PriceRefresh {
  const folder = join(options.dataDir, "prices");
  const newest = newestKept(folder);
  let current = newest?.book.version ?? "";
  let fetchedAtMs = newest?.fetchedAtMs ?? null;
  if (newest) options.onPrices(new KnownModels(newest.book));
  return {
    fetchedAtMs: () => fetchedAtMs,
    refresh: async () => {
      const book = await fetchBook(options);
      fetchedAtMs = options.clock.nowMs();
      if (book.version === current) return current;
      const models = new KnownModels(book);
      keep(folder, book, fetchedAtMs);
      current = book.version;
      options.onPrices(models);
      return current;
    },
  };
}

async function fetchBook({ url, transport, clock }: PriceRefreshOptions): Promise<PriceBook> {
  const answer = await transport.send({
    method: "GET",
    url,
    headers: { accept: "application/json", "accept-encoding": "identity" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    firstByteTimeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok) throw new Error(`the address of the prices answered with status ${answer.status}`);
  const parsed = parseUpstreamJson(await boundedText(answer, MAX_BYTES));
  if (!parsed.ok) throw new Error(`the fetched prices are not JSON (${parsed.reason})`);
  const today = new Date(clock.nowMs()).toISOString().slice(0, 10);
  const result = readPriceData(parsed.value, { version: "refreshed", today });
  if (!result.ok) throw new Error(`the fetched prices are not taken: ${result.reason}`);
  const priced = result.book.providers
    .flatMap(({ models }) => models)
    .filter(({ price }) => price !== undefined).length;
  if (priced < FEWEST_PRICED) throw new Error(`the fetched prices are not taken: only ${priced} models have one`);
  return { ...result.book, version: `refreshed:${hashOf(JSON.stringify(result.book))}` };
}

function hashOf(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 12);
}

/** The file appears whole, under a name that sorts by time; the oldest ones go. */
function keep(folder: string, book: PriceBook, nowMs: number): void {
  mkdirSync(folder, { recursive: true });
  const name = `${String(nowMs).padStart(13, "0")}-${book.version.split(":")[1]}.json`;
  const unfinished = join(folder, `${name}.part`);
  writeFileSync(unfinished, JSON.stringify(book), { mode: 0o600 });
  renameSync(unfinished, join(folder, name));
  for (const old of keptFiles(folder).slice(MOST_KEPT)) rmSync(join(folder, old), { force: true });
}

/** The newest first. */
function keptFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => FILE.test(name))
    .sort()
    .reverse();
}

function newestKept(folder: string): { book: PriceBook; fetchedAtMs: number } | undefined {
  for (const name of keptFiles(folder)) {
    const parsed = parseJson(readFileSync(join(folder, name), "utf8"));
    const checked = priceBookSchema.safeParse(parsed.ok ? parsed.value : null);
    if (checked.success) return { book: checked.data, fetchedAtMs: Number(FILE.exec(name)?.[1]) };
  }
  return undefined;
}
