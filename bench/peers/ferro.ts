/**
 * Ferro Labs' gateway, a program in Go from PyPI, with the settings of its page on environment variables: production mode,
 * no price list fetched when it starts, no limit for each address. It asks for a key of its own, kept in memory as by default.
 *
 * `ferro_governed` adds what its documentation has for limits and records: keys in SQLite, a cap on calls, a budget for each
 * key, which is counted in memory and checked without setting money aside, and a row in SQLite for each answer.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, parseJson, stringField } from "../../src/kernel/json.ts";
import { freePort } from "../support/nginx.ts";
import { makeFolder, start } from "../support/processes.ts";
import { COMMON_HEADERS, candidate, installedFromPyPi, type Peer, type Surroundings, untilListening } from "./peer.ts";

const VERSION = "1.5.10";
const MASTER_KEY = "fgw_0123456789abcdef0123456789abcdef";
const TARGETS = `
strategy:
  mode: fallback
targets:
  - virtual_key: openai
`;
const GOVERNED = `${TARGETS}
plugins:
  - name: rate-limit
    type: ratelimit
    stage: before_request
    enabled: true
    config: { requests_per_second: 1000000, key_rpm: 100000000 }
  - name: budget
    type: ratelimit
    stage: before_request
    enabled: true
    config: &budget { store_id: bench, spend_limit_usd: 100000, input_per_m_tokens: 0.5, output_per_m_tokens: 1.5 }
  - name: budget
    type: ratelimit
    stage: after_request
    enabled: true
    config: *budget
  - name: request-logger
    type: logging
    stage: after_request
    enabled: true
    config: { level: error, persist: true, backend: sqlite }
`;

export const ferro: Peer = { name: "ferro", start: (around) => startFerro("ferro", TARGETS, around) };

export const ferroGoverned: Peer = {
  name: "ferro_governed",
  start: (around) => startFerro("ferro_governed", GOVERNED, around),
};

async function startFerro(name: string, settings: string, { upstream, core, ...around }: Surroundings) {
  const folder = await installedFromPyPi({ name: `ferrogw-${VERSION}`, what: `ferrogw==${VERSION}` }, around);
  const data = makeFolder();
  const file = join(data, "config.yaml");
  writeFileSync(file, settings);
  const port = await freePort();
  const env = {
    PORT: String(port),
    GATEWAY_CONFIG: file,
    GATEWAY_ENV: "production",
    LOG_LEVEL: "error",
    MASTER_KEY,
    CORS_ORIGINS: "http://127.0.0.1",
    FERRO_MODEL_CATALOG_TIMEOUT: "0",
    // Without these an address gets a hundred calls a second.
    RATE_LIMIT_RPS: "1000000",
    RATE_LIMIT_BURST: "1000000",
    OPENAI_API_KEY: "sk-bench",
    OPENAI_BASE_URL: `${upstream}/v1`,
    ...(settings === GOVERNED && {
      API_KEY_STORE_BACKEND: "sqlite",
      API_KEY_STORE_DSN: join(data, "keys.db"),
      REQUEST_LOG_STORE_BACKEND: "sqlite",
      REQUEST_LOG_STORE_DSN: join(data, "requests.db"),
    }),
  };
  const spawnedMs = performance.now();
  const server = start({ name: "Ferro", command: [join(folder, "venv/bin/ferrogw"), "serve"], env, core });
  await untilListening(server, port);
  const origin = `http://127.0.0.1:${port}`;
  const headers = { ...COMMON_HEADERS, authorization: `Bearer ${await createKey(origin)}` };
  return candidate(server, { name, url: `${origin}/v1/chat/completions`, headers, model: "gpt-3.5-turbo", spawnedMs });
}

/** A key that may call models and nothing else. */
async function createKey(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/admin/keys`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${MASTER_KEY}` },
    body: JSON.stringify({ name: "bench", scopes: ["read_only"] }),
  });
  const parsed = parseJson(await answer.text());
  const key = parsed.ok && isJsonObject(parsed.value) ? stringField(parsed.value, "key") : undefined;
  if (key === undefined) throw new Error(`it made no key: status ${answer.status}`);
  return key;
}
