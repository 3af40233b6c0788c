/**
 * What the pages of use cost on a database that has gathered a year: the slowest question of each page on both databases,
 * the room that a request takes, dropping old ones while new ones are written, and what a browser has to load first
 * and how long a slow phone waits for it.
 */
import { seedDatabase } from "../src/cli/seed/seed.ts";
import { SEED_ACCOUNTS } from "../src/cli/seed/world.ts";
import { openStorage, type Storage, type StorageOptions } from "../src/storage/open.ts";
import { createAccountStore } from "../src/storage/stores/accounts.ts";
import { findPostgres, startPostgres } from "../tools/postgres.ts";
import type { Bench, BenchOptions, BenchReport, Figure } from "./figure.ts";
import { firstLoad, MOST_KILOBYTES } from "./pages/first-load.ts";
import { timeToInteractive } from "./pages/interactive.ts";
import { pruneUnderLoad } from "./pages/prune.ts";
import { askPages } from "./pages/questions.ts";
import { storedBytes } from "./pages/stored-bytes.ts";
import { makeFolder, removeFolder } from "./support/processes.ts";

const REQUESTS = Number(process.env.PAGES_REQUESTS ?? 10_000_000);
const DAYS = 365;
const QUICK_REQUESTS = 20_000;
const QUICK_DAYS = 60;
/** How slow the slowest question of a page may be with ten million requests. */
const PROMISED_MS = 500;

export const pagesBench: Bench = {
  name: "pages",
  summary:
    "questions of the pages over ten million requests, room for each, pruning under load, first load, a slow phone",
  run,
};

async function run(options: BenchOptions): Promise<BenchReport> {
  const binaries = findPostgres();
  const postgres = binaries === null ? null : await startPostgres(binaries);
  if (postgres === null) options.note("PostgreSQL is not installed here: its figures are missing.");
  try {
    const reports = [await measure("sqlite", { dataDir: makeFolder() }, options)];
    if (postgres !== null) {
      reports.push(await measure("postgres", { dataDir: makeFolder(), databaseUrl: postgres.url }, options));
    }
    const load = await firstLoad();
    options.note("A slow phone opens the landing page and the Dashboard.");
    const interactive = await timeToInteractive(options);
    const broken = load.kilobytes <= MOST_KILOBYTES ? [] : [`the first load is ${Math.round(load.kilobytes)} KB`];
    return {
      figures: [
        ...reports.flatMap(({ figures }) => figures),
        { figure: "first_load_kb", value: load.kilobytes, unit: "KB", n: load.files },
        ...interactive,
      ],
      broken: [...reports.flatMap((report) => report.broken), ...broken],
    };
  } finally {
    await postgres?.stop();
  }
}

async function measure(engine: string, place: StorageOptions, { quick, note }: BenchOptions): Promise<BenchReport> {
  const storage = await openStorage(place);
  try {
    const [requests, days] = quick ? [QUICK_REQUESTS, QUICK_DAYS] : [REQUESTS, DAYS];
    const beganMs = performance.now();
    const written = await seedDatabase(storage, {
      requests,
      days,
      seed: 1,
      nowMs: Date.now(),
      passwordHash: null,
      onProgress: (count) => quick || (count % 1_000_000 < 20_000 && note(`${engine}: ${count} requests`)),
    });
    const seconds = (performance.now() - beganMs) / 1000;
    const name = (figure: string) => `${engine}_${figure}`;
    const figures: Figure[] = [
      { figure: name("seeded_per_second"), value: written / seconds, unit: "requests", n: written },
      {
        figure: name("bytes_per_request"),
        value: await storedBytes(storage, place.dataDir, written),
        unit: "B",
        n: written,
      },
    ];
    const pages = await askPages(storage, await largestAccount(storage), { rounds: quick ? 5 : 20, note });
    for (const { page, question, p95Ms, n } of pages) {
      figures.push({ figure: name(`${page}_${question}_p95_ms`), value: p95Ms, unit: "ms", n });
    }
    const slowest = pages.reduce((worst, page) => (page.p95Ms > worst.p95Ms ? page : worst));
    figures.push({ figure: name("slowest_query_p95_ms"), value: slowest.p95Ms, unit: "ms", n: slowest.n });
    figures.push(
      ...(await pruneUnderLoad(storage, Math.floor(days * 0.8))).map((figure) => ({
        ...figure,
        figure: name(figure.figure),
      })),
    );
    const isSlow = slowest.p95Ms > PROMISED_MS;
    const slow = `${engine}: ${slowest.page} waits ${Math.round(slowest.p95Ms)} ms for ${slowest.question}`;
    return { figures, broken: isSlow ? [slow] : [] };
  } finally {
    await storage.close();
    removeFolder(place.dataDir);
  }
}

async function largestAccount({ db, engine }: Storage): Promise<string> {
  const account = await createAccountStore(db, engine).findByEmail(SEED_ACCOUNTS[0]?.email ?? "");
  if (account === null) throw new Error("the seed made no account");
  return account.id;
}
