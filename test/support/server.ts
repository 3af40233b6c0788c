/** A whole Gapura inside the test's process: a free port, a folder of its own, everything closed at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { type RunningServer, serve } from "../../src/main.ts";
import type { StorageOptions } from "../../src/storage/open.ts";
import { movableClock } from "./later.ts";
import { migratedFile } from "./migrated.ts";
import { Visitor } from "./visitor.ts";

export interface TestServer {
  url: string;
  dataDir: string;
  /** Every line of the log so far. */
  log: string[];
  /** Every line for the terminal so far. */
  printed: string[];
  routes: RunningServer["routes"];
  /** The setup token, once it was printed; empty where none is needed. */
  setupToken(): string;
  /** Somebody new, with no cookies. */
  visitor(headers?: Record<string, string>): Visitor;
  /** Lets time pass for what is waited out; nothing may be under way meanwhile. */
  pass(ms: number): void;
  /** From here on it is the same moment for the server: what is bounded in time is then exact on a busy machine too. */
  hold(): void;
  /** Once, however often it is asked. */
  stop(options?: Parameters<RunningServer["stop"]>[0]): Promise<void>;
}

/**
 * Starts it with the given environment variables; without local servers, so that what runs on a developer's machine
 * changes no outcome. `place` names a database that is to be used and kept, such as the one of an earlier start;
 * `configFile` is the text of a gapura.config.yaml.
 */
export async function startServer(
  env: Record<string, string> = {},
  place?: StorageOptions,
  configFile?: string,
): Promise<TestServer> {
  const folder = place?.dataDir ?? mkdtempSync(join(tmpdir(), "gapura-test-"));
  if (place === undefined) await migratedFile(folder);
  const database = place?.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl };
  const loaded = loadConfig({
    env: { PORT: "0", LOG_LEVEL: "debug", LOCAL_PROVIDERS: "off", DATA_DIR: folder, ...database, ...env },
    flags: {},
    cwd: folder,
    readFile: (path) => (path.endsWith("gapura.config.yaml") ? configFile : undefined),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const log: string[] = [];
  const printed: string[] = [];
  const { clock, pass, hold } = movableClock();
  const running = await serve(loaded.config, {
    loaded,
    mostPages: place?.mostPages,
    clock,
    print: (line) => void printed.push(line),
    writeLog: (line) => void log.push(line),
  });
  const stop = async (options?: Parameters<RunningServer["stop"]>[0]) => {
    await running.stop(options);
    if (place === undefined) rmSync(folder, { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  return {
    url: running.url,
    dataDir: folder,
    log,
    printed,
    routes: running.routes,
    setupToken: () => /enter the token (\S+)$/m.exec(printed.join("\n"))?.[1] ?? "",
    visitor: (headers = {}) => new Visitor(running.url, headers),
    pass,
    hold,
    stop: (options) => {
      stopping ??= stop(options);
      return stopping;
    },
  };
}
