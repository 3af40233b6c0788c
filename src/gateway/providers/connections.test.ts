import { afterEach, expect, test } from "bun:test";
import { startUpstream, type Upstream } from "../../../test/support/upstream.ts";
import { until } from "../../../test/support/visitor.ts";
import { Catalog } from "../../catalog/catalog.ts";
import { Secret } from "../../kernel/secret.ts";
import { AddressGuard } from "../transport/address-guard.ts";
import { createTransport } from "../transport/transport.ts";
import { type Connection, Connections } from "./connections.ts";
import { transportFor } from "./http-provider.ts";
import { localServers } from "./local/local-servers.ts";
import { genericProvider } from "./openai-compatible/generic.ts";
import { ProviderRegistry } from "./registry.ts";

let upstream: Upstream | undefined;
let connections: Connections | undefined;
afterEach(async () => {
  connections?.stop();
  await upstream?.stop();
});

function lookFor(baseUrls: readonly string[]) {
  const catalog = new Catalog();
  const local = baseUrls.map(
    (baseUrl, index): Connection => ({
      provider: genericProvider({ slug: `local${index}`, name: `Local ${index}`, baseUrl }),
      credential: null,
      source: "local",
      fixedModels: null,
    }),
  );
  const guard = new AddressGuard({ allowPrivate: baseUrls.map((url) => new URL(url).host) });
  const registry = new ProviderRegistry();
  connections = new Connections(local, { catalog, registry, transport: createTransport(guard), onChange: () => {} });
  connections.start();
  return { catalog, connections };
}

test("a local server that answers is connected by itself, and one that does not is not there at all", async () => {
  upstream = startUpstream(["llama3.2"]);
  const { catalog, connections: found } = lookFor([upstream.url, "http://127.0.0.1:9/v1"]);
  await found.firstRound;
  expect(found.present().map(({ connection, models }) => [connection.provider.descriptor.slug, models])).toEqual([
    ["local0", 1],
  ]);
  expect(catalog.resolve("llama3.2")).toMatchObject({ kind: "found", endpoints: [{ modelId: "local0/llama3.2" }] });
});

test("the usual local servers are looked for where they listen by default", () => {
  expect(localServers().map(({ descriptor }) => [descriptor.name, new URL(descriptor.baseUrl).port])).toEqual([
    ["Ollama", "11434"],
    ["LM Studio", "1234"],
    ["llama.cpp", "8080"],
    ["vLLM", "8000"],
    ["SGLang", "30000"],
  ]);
});

test("a provider whose models the operator named is told to be at a forbidden address before anybody calls it", async () => {
  const catalog = new Catalog();
  const named: Connection = {
    provider: genericProvider({ slug: "lab", name: "Lab", baseUrl: "http://10.0.0.5:8000/v1" }),
    credential: null,
    source: "file",
    fixedModels: ["acme/one"],
  };
  const transport = createTransport(new AddressGuard({ allowPrivate: [] }));
  connections = new Connections([named], { catalog, registry: new ProviderRegistry(), transport, onChange: () => {} });
  connections.start();
  await connections.firstRound;
  expect(connections.present()).toMatchObject([
    { state: "refused", note: expect.stringContaining("ALLOW_PRIVATE_UPSTREAM=10.0.0.5:8000") },
  ]);
});

test("what an adapter sends elsewhere than to its provider never leaves", async () => {
  const provider = genericProvider({ slug: "lab", name: "Lab", baseUrl: "https://lab.example.com/v1" });
  const asked: string[] = [];
  const transport = transportFor(
    { ...provider, furtherOrigins: ["https://tokens.example.com"] },
    {
      send: async ({ url }) => {
        asked.push(url);
        return new Response();
      },
    },
  );
  const send = (url: string) =>
    transport.send({ method: "GET", url, headers: {}, signal: new AbortController().signal, firstByteTimeoutMs: 1 });
  await send("https://lab.example.com/v1/models");
  await send("https://tokens.example.com/token");
  for (const url of ["http://lab.example.com/v1", "https://lab.example.com:8443/", "https://other.example.com/"]) {
    await expect(send(url)).rejects.toMatchObject({ kind: "refused" });
  }
  expect(asked).toHaveLength(2);
});

test("an answer to a question asked with a former key changes nothing, and a removed provider stays removed", async () => {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const key = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
      asked.push(key);
      await gates.get(key)?.promise;
      return key === "former" ? new Response(null, { status: 401 }) : Response.json({ data: [{ id: `m-${key}` }] });
    },
  });
  const { catalog, connections: found } = lookFor([]);
  const baseUrl = `http://127.0.0.1:${server.port}/v1`;
  const guard = new AddressGuard({ allowPrivate: [new URL(baseUrl).host] });
  const registry = new ProviderRegistry();
  const changed: string[] = [];
  found.stop();
  const live = new Connections([], {
    catalog,
    registry,
    transport: createTransport(guard),
    onChange: (states) => void changed.push(states.map(({ state }) => state).join()),
  });
  connections = live;
  live.start();
  const connection = (key: string): Connection => ({
    provider: genericProvider({ slug: "lab", name: "Lab", baseUrl }),
    credential: new Secret(key),
    source: "dashboard",
    fixedModels: null,
  });
  const seen = (key: string) => until(async () => asked.includes(key));
  gates.set("former", Promise.withResolvers());
  live.put(connection("former"));
  await seen("former");
  live.put(connection("new"));
  await until(async () => live.present()[0]?.state === "ready");
  gates.get("former")?.resolve();
  gates.set("last", Promise.withResolvers());
  live.put(connection("last"));
  await seen("last");
  expect(live.present()[0]?.state).toBe("checking");
  expect(catalog.resolve("lab/m-new").kind).toBe("found");
  expect(registry.get("lab")?.credentials[0]?.secret?.reveal()).toBe("last");
  live.remove("lab");
  gates.get("last")?.resolve();
  await server.stop();
  expect([live.present(), live.sourceOf("lab"), registry.get("lab")]).toEqual([[], null, undefined]);
  expect(catalog.resolve("lab/m-last").kind).toBe("unknown");
  expect(changed.some((states) => states.includes("refused"))).toBe(false);
});
