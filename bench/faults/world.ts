/** A Gapura in front of two providers that fail as each request tells them to, all of them programs of their own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, parseJson } from "../../src/kernel/json.ts";
import type { Truth } from "../../test/support/fault-provider/exchange.ts";
import { TRUTH_PATH } from "../../test/support/fault-provider/provider.ts";
import type { FaultScript } from "../../test/support/fault-provider/script.ts";
import { CHAT_PATH, clientHeaders, createKey, SETTINGS, startGapura } from "../support/gapura-server.ts";
import { makeFolder, ROOT, type Running, start } from "../support/processes.ts";

export const MODEL = "acme/m";
const PROVIDERS = ["p0", "p1"];

export interface World {
  gapura: Running;
  dataDir: string;
  /** What it was started with. */
  env: Record<string, string>;
  url: string;
  chatUrl: string;
  key: string;
  /** All that the providers have sent so far. */
  truths(): Promise<Truth[]>;
}

export interface WorldOptions {
  env?: Record<string, string>;
  /** The address of one more provider, `p2`, with a model of its own. */
  further?: string;
}

/** The model of the provider `p2`. */
export const FURTHER_MODEL = "acme/further";

export async function startWorld({ env = {}, further }: WorldOptions = {}): Promise<World> {
  const serve = join(ROOT, "test/support/fault-provider/serve.ts");
  const urls = await Promise.all(
    PROVIDERS.map((name) =>
      start({ name: `The provider ${name}`, command: [process.execPath, serve, name, MODEL] }).listening(),
    ),
  );
  const dataDir = makeFolder();
  const entries = PROVIDERS.map((slug, index) => entryOf(slug, `${urls[index]}/v1`, MODEL));
  if (further !== undefined) entries.push(entryOf("p2", further, FURTHER_MODEL));
  const price = "{ prompt: 2, completion: 10 }";
  const models = `models:\n  - id: ${MODEL}\n    price: ${price}\n`;
  const file = join(dataDir, "gapura.config.yaml");
  writeFileSync(file, `providers:\n${entries.join("\n")}\n${models}`);
  const hosts = [...urls, ...(further === undefined ? [] : [further])].map((url) => new URL(url).host);
  const key = await createKey(dataDir);
  const all = { GAPURA_CONFIG: file, ALLOW_PRIVATE_UPSTREAM: hosts.join(","), ...env };
  const gapura = startGapura(dataDir, { ...SETTINGS, ...all });
  const url = await gapura.listening();
  return { gapura, dataDir, env: all, url, chatUrl: url + CHAT_PATH, key, truths: () => truthsOf(urls) };
}

function entryOf(slug: string, baseUrl: string, model: string): string {
  const lines = [`slug: ${slug}`, `name: ${slug.toUpperCase()}`, `baseUrl: ${baseUrl}`, `models: [${model}]`];
  return ["  - type: openai-compatible", ...lines.map((line) => `    ${line}`)].join("\n");
}

async function truthsOf(urls: readonly string[]): Promise<Truth[]> {
  const lists = await Promise.all(urls.map(async (url) => (await fetch(url + TRUTH_PATH)).text()));
  return lists.flatMap((list) => readTruths(list));
}

function readTruths(list: string): Truth[] {
  const parsed = parseJson(list);
  if (!parsed.ok || !Array.isArray(parsed.value)) throw new Error("A provider does not say what it has sent.");
  return parsed.value.flatMap((one) => (isJsonObject(one) ? [truthOf(one)] : []));
}

function truthOf(one: Record<string, unknown>): Truth {
  const ending = isJsonObject(one.ending) ? one.ending : null;
  return {
    id: String(one.id),
    model: String(one.model),
    user: String(one.user),
    streamed: one.streamed === true,
    seed: Number(one.seed),
    promptTokens: Number(one.promptTokens),
    receivedAtMs: Number(one.receivedAtMs),
    status: Number(one.status),
    bodyBytes: Number(one.bodyBytes),
    tokens: Number(one.tokens),
    hasFinished: one.hasFinished === true,
    isWhole: one.isWhole === true,
    ending: ending && { by: ending.by === "client" ? "client" : "provider", atMs: Number(ending.atMs) },
  };
}

export interface Asked {
  stream?: boolean;
  /** Who may answer, in the order to try; without it whoever the router draws. */
  order?: readonly string[];
  /** False where nobody beside those may. */
  fallbacks?: boolean;
  model?: string;
  user?: string;
  /** What every provider does, or one of them. */
  fault?: Partial<FaultScript>;
  fault_of_p0?: Partial<FaultScript>;
  [field: string]: unknown;
}

export function bodyOf({ order, fallbacks, model = MODEL, ...more }: Asked): string {
  const provider = order && { order, allow_fallbacks: fallbacks ?? true };
  const messages = [{ role: "user", content: "Halo, apa kabar?" }];
  return JSON.stringify({ model, messages, ...(provider && { provider }), ...more });
}

/** A chat request. Rejects only when there is no answer at all. */
export function ask({ chatUrl, key }: Pick<World, "chatUrl" | "key">, asked: Asked, signal?: AbortSignal) {
  const init = { method: "POST", headers: clientHeaders(key), body: bodyOf(asked) };
  return fetch(chatUrl, signal ? { ...init, signal } : init);
}
