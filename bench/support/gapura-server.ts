/** A Gapura with a data folder and a key of its own, connected to the fake upstream as if that were OpenAI. */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, parseJson } from "../../src/kernel/json.ts";
import type { Pace } from "./fake-upstream.ts";
import { ROOT, type Running, start } from "./processes.ts";

const CLI = join(ROOT, "src/cli/main.ts");
const LAUNCHER = join(ROOT, "tools/gapura.mjs");
/** What clients call; the upstream knows it by its bare name, so each body is edited on its way. */
export const MODEL = "openai/gpt-3.5-turbo";
export const CHAT_PATH = "/api/v1/chat/completions";

/** Everything is on, as it is by default; only the search for local servers is off, whose answers would differ by machine. */
export const SETTINGS = { LOCAL_PROVIDERS: "off" };

/**
 * What makes a key governed: far more than a benchmark spends, and more than it can ask for, so that every check is made and
 * none refuses.
 */
export const RICH = ["--limit", "100000", "--rpm", "100000000", "--tpm", "1000000000", "--parallel", "1000"];

/** The variables that connect the fake upstream, whose origin is given. */
export function connectedTo(upstream: string): Record<string, string> {
  return {
    ...SETTINGS,
    OPENAI_API_KEY: "sk-bench",
    OPENAI_BASE_URL: `${upstream}/v1`,
    ALLOW_PRIVATE_UPSTREAM: new URL(upstream).host,
  };
}

/**
 * Starts the server as a program of its own, without the launcher, so that `pid` is the server itself. `preload` is a
 * file that runs in it first.
 */
export function startGapura(
  dataDir: string,
  env: Record<string, string>,
  { preload, core }: { preload?: string; core?: number | undefined } = {},
): Running {
  const before = preload === undefined ? [] : ["--preload", preload];
  const command = [process.execPath, ...before, CLI, "serve", "--port", "0", "--data-dir", dataDir];
  return start({ name: "Gapura", command, env, core });
}

/** Starts the server as a person does: `npm start` runs exactly this. */
export function startGapuraByLauncher(dataDir: string): Running {
  const command = [Bun.which("node") ?? "node", LAUNCHER, "serve", "--port", "0", "--data-dir", dataDir];
  return start({ name: "Gapura", command, env: SETTINGS });
}

/**
 * Creates the owner, if there is none, and a key, which is returned. A database that is not in the folder is named by
 * `env`, and gets an owner.
 */
export async function createKey(
  dataDir: string,
  more: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const owner = existsSync(join(dataDir, "gapura.db")) ? [] : ["--name", "Bench", "--email", "bench@example.com"];
  const words = ["keys", "create", "Bench", ...owner, ...more, "--data-dir", dataDir];
  const child = Bun.spawn([process.execPath, CLI, ...words], {
    cwd: dataDir,
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [key, errors] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (!/^gprm?_/.test(key)) throw new Error(`No key could be created:\n${errors}`);
  return key.trim();
}

/** A chat request of exactly `bytes` bytes. */
export function chatBody(bytes: number, more: { stream?: true; user?: string; pace?: Pace } = {}): string {
  const written = (text: string) =>
    JSON.stringify({
      model: MODEL,
      messages: [
        { role: "system", content: "You answer in one sentence." },
        { role: "user", content: text },
      ],
      temperature: 0.7,
      ...more,
    });
  const words = "Halo, apa kabar? ".repeat(Math.ceil(bytes / 17));
  return written(words.slice(0, bytes - Buffer.byteLength(written(""))));
}

/** The headers that a client sends. */
export function clientHeaders(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, "content-type": "application/json", accept: "*/*", "user-agent": "bench/1" };
}

/** The generation id of a whole answer, or of a chunk. */
export function generationId(json: string): string | undefined {
  const parsed = parseJson(json);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  return typeof parsed.value.id === "string" ? parsed.value.id : undefined;
}

/** Runs `read` on the server's database, which may be running. */
export function readDatabase<Result>(dataDir: string, read: (database: Database) => Result): Result {
  const database = new Database(join(dataDir, "gapura.db"), { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

/** One number from a query. */
export function countOf(database: Database, query: string): number {
  return Number(database.query<{ value: number }, []>(query).get()?.value ?? 0);
}
