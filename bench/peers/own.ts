/** Gapura itself, the floor that the runtime sets, and the floor that a proxy in C sets. */
import { connectedTo, createKey, MODEL, RICH, startGapura } from "../support/gapura-server.ts";
import { findNginx, startNginx } from "../support/nginx.ts";
import { makeFolder } from "../support/processes.ts";
import { seedKeys } from "../support/seed.ts";
import { startBareProxy } from "../support/surroundings.ts";
import { COMMON_HEADERS, candidate, type Peer } from "./peer.ts";

const UPSTREAM_MODEL = "gpt-3.5-turbo";
const DISTINCT_KEYS = 1_000;

/** With its defaults: key check, catalogue, price, usage row on disk before the answer ends. */
export const gapura: Peer = {
  name: "gapura",
  start: async ({ upstream, core }) => {
    const dataDir = makeFolder();
    const key = await createKey(dataDir);
    return startOwn("gapura", { dataDir, upstream, core, key });
  },
};

/** The same with a spending limit and caps on the key, so that each request holds money and a place before it goes out. */
export const gapuraGoverned: Peer = {
  name: "gapura_governed",
  start: async ({ upstream, core }) => {
    const dataDir = makeFolder();
    const key = await createKey(dataDir, RICH);
    return startOwn("gapura_governed", { dataDir, upstream, core, key });
  },
};

/** The same with a thousand such keys that call in turns, so that no two calls in a row share anything but the server. */
export const gapuraDistinctKeys: Peer = {
  name: "gapura_distinct_keys",
  start: async ({ upstream, core }) => {
    const dataDir = makeFolder();
    const key = await createKey(dataDir, RICH);
    const keys = seedKeys(dataDir, { count: DISTINCT_KEYS, keep: DISTINCT_KEYS });
    return { ...(await startOwn("gapura_distinct_keys", { dataDir, upstream, core, key })), keys };
  },
};

async function startOwn(
  name: string,
  { dataDir, upstream, core, key }: { dataDir: string; upstream: string; core: number; key: string },
) {
  const spawnedMs = performance.now();
  const server = startGapura(dataDir, connectedTo(upstream), { core });
  const origin = await server.listening();
  const headers = { ...COMMON_HEADERS, authorization: `Bearer ${key}` };
  const url = `${origin}/api/v1/chat/completions`;
  return candidate(server, { name, url, headers, model: MODEL, spawnedMs });
}

export const bareProxy: Peer = {
  name: "bun",
  start: async ({ upstream, core }) => {
    const spawnedMs = performance.now();
    const { url, server } = await startBareProxy(upstream, core);
    return candidate(server, {
      name: "bun",
      url: `${url}/v1/chat/completions`,
      headers: { ...COMMON_HEADERS, authorization: "Bearer sk-bench" },
      model: UPSTREAM_MODEL,
      spawnedMs,
    });
  },
};

export const nginx: Peer = {
  name: "nginx",
  start: async ({ upstream, core, note }) => {
    const found = await findNginx(note);
    if ("missing" in found) throw new Error(found.missing);
    const spawnedMs = performance.now();
    const { url, server } = await startNginx(found.path, upstream, core);
    return candidate(server, {
      name: "nginx",
      url: `${url}/v1/chat/completions`,
      headers: { ...COMMON_HEADERS, authorization: "Bearer sk-bench" },
      model: UPSTREAM_MODEL,
      spawnedMs,
    });
  },
};
