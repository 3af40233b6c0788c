/** One data plane between every client dialect and every provider dialect, with a mock of each over real HTTP. */
import { Catalog } from "../../src/catalog/catalog.ts";
import { vendorOf } from "../../src/catalog/vendors/vendors.ts";
import { DataPlane } from "../../src/gateway/data-plane.ts";
import type { UsageRecord } from "../../src/gateway/ports.ts";
import type { Connection } from "../../src/gateway/providers/connections.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { made, record } from "../support/data-plane.ts";
import { FORGIVEN_MS, movableClock } from "../support/later.ts";
import { MemoryLedger } from "../support/memory-ledger.ts";
import type { Playing, UpstreamSide } from "./upstreams.ts";

/** Dollars for a million tokens: 2 for the prompt, 0.2 from the cache, 10 for the answer. */
export const PRICE = {
  version: "test",
  promptNanoPerMillion: 2_000_000_000n,
  cachedPromptNanoPerMillion: 200_000_000n,
  completionNanoPerMillion: 10_000_000_000n,
  overrides: [],
};

export interface Plane {
  catalog: Catalog;
  /** A client's call, long after the one before; the chunks of the answer are those that the relay sent. */
  call(path: string, body: object): Promise<Response>;
  /** The usage record of the last answer. */
  last(): UsageRecord;
  stop(): void;
}

export interface Gateway extends Pick<Plane, "call" | "last"> {
  /** The one that plays this side, and the model's name for clients. */
  upstream(side: UpstreamSide): { playing: Playing; model: string };
  stop(): Promise<void>;
}

/** A data plane with these connections and nothing else; every model of theirs has the same price. */
export async function startPlane(connections: readonly Connection[], hosts: readonly string[]): Promise<Plane> {
  const catalog = new Catalog();
  const ledger = new MemoryLedger();
  const { kept } = ledger;
  const { clock, pass } = movableClock();
  const plane = new DataPlane({
    clock,
    catalog,
    keySource: { findByHash: async (hash) => (hash === made.hash ? record : null) },
    ledger,
    unpricedModels: "refuse",
    prices: { keep: async () => {} },
    usage: ledger,
    payloads: null,
    alerts: { report: () => {}, finished: () => {} },
    log: { warn: () => {} },
    limits: { maxBytes: 1024 * 1024, maxDepth: 64 },
    baseUrl: "http://localhost:8787",
    connections,
    allowPrivate: hosts,
    sandbox: null,
    headers: {},
  });
  plane.connections.start();
  await plane.connections.firstRound;
  catalog.setOverrides(catalog.list().map(({ id }) => ({ id, provider: null, price: PRICE })));
  return {
    catalog,
    call: async (path, body) => {
      // What a provider is to say in one story must not keep it from being asked in the next.
      pass(FORGIVEN_MS);
      const headers = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
      const url = `http://localhost:8787${path}`;
      const request = new Request(url, { method: "POST", headers, body: JSON.stringify(body) });
      const arrival = { requestId: "req_test", waitLong: () => {}, hangUp: () => {}, clientAddress: () => "127.0.0.1" };
      const answer = await plane.handle(request, path, arrival);
      if (!answer) throw new Error(`nobody answers ${path}`);
      return answer;
    },
    last: () => {
      const usage = kept.at(-1);
      if (!usage) throw new Error("nothing was recorded");
      return usage;
    },
    stop: () => plane.connections.stop(),
  };
}

export async function startGateway(sides: readonly UpstreamSide[]): Promise<Gateway> {
  const started = new Map(sides.map((side, index) => [side, { playing: side.start(), slug: `p${index}` }]));
  const connections = [...started].map(([side, { playing, slug }]): Connection => {
    const names = { slug, name: vendorOf(side.vendor).name, baseUrl: playing.url };
    const provider = createProvider[side.vendor](names);
    const credential = new Secret(side.credential);
    return { provider, credential, source: "file", fixedModels: [side.model], pricedAs: null };
  });
  const plane = await startPlane(
    connections,
    [...started.values()].map(({ playing }) => playing.host),
  );
  const models = plane.catalog.list();
  return {
    call: plane.call,
    last: plane.last,
    upstream: (side) => {
      const found = started.get(side);
      const model = models.find(({ upstreamModel }) => upstreamModel === side.model);
      if (!found || !model) throw new Error(`${side.title} was not started`);
      return { playing: found.playing, model: model.id };
    },
    stop: async () => {
      plane.stop();
      await Promise.all([...started.values()].map(({ playing }) => playing.stop()));
    },
  };
}
