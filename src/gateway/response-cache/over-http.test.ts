/** The cache through a whole data plane: every dialect, streamed and whole, and what must never be kept. */
import { afterEach, describe, expect, test } from "bun:test";
import {
  chunk,
  completion,
  eventStream,
  halo,
  made as harnessKey,
  startDataPlane,
  usageEvent,
} from "../../../test/support/data-plane.ts";
import { startServer, type TestServer } from "../../../test/support/server.ts";
import type { Visitor } from "../../../test/support/visitor.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Ready {
  server: TestServer;
  person: Visitor;
  ask(path: string, body: object, options?: { secret?: string; headers?: Record<string, string> }): Promise<Asked>;
}
interface Asked {
  status: number;
  cache: (string | null)[];
  text: string;
  generationId: string | null;
}

async function ready(): Promise<Ready> {
  const server = await startServer();
  stops.push(() => server.stop());
  const person = await server.visitor().join("siti@example.com");
  const { secret: own } = await person.createKey();
  return {
    server,
    person,
    ask: async (path, body, { secret = own, headers = { "x-openrouter-cache": "true" } } = {}) => {
      const answer = await fetch(`${server.url}/api/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
      return {
        status: answer.status,
        cache: ["status", "source-id"].map((name) => answer.headers.get(`x-openrouter-cache-${name}`)),
        text: await answer.text(),
        generationId: answer.headers.get("x-generation-id"),
      };
    },
  };
}

const messages = [{ role: "user", content: "Halo, apa kabar?" }];
const CALLS: [path: string, body: object, text: RegExp][] = [
  ["/chat/completions", { model: "gpt-3.5", messages }, /"content":"([^"]+)"/g],
  ["/completions", { model: "gpt-3.5", prompt: "Halo" }, /"text":"([^"]+)"/g],
  ["/responses", { model: "gpt-3.5", input: "Halo" }, /"(?:delta|text)":"([^"]+)"/g],
  ["/messages", { model: "gpt-3.5", max_tokens: 500, messages }, /"text":"([^"]+)"/g],
  ["/embeddings", { model: "sandbox/embedding", input: ["Halo"] }, /"embedding":\[([^\]]+)/g],
  ["/rerank", { model: "sandbox/rerank", query: "Halo", documents: ["Halo", "x"] }, /"relevance_score":([\d.]+)/g],
];

describe("the same request of the same key", () => {
  test("is answered again in every dialect, with its own id, for nothing, and as a stream where it was one", async () => {
    const { server, ask } = await ready();
    for (const [path, body, words] of CALLS) {
      for (const stream of /embed|rerank/.test(path) ? [false] : [false, true]) {
        const asked = stream ? { ...body, stream } : body;
        const first = await ask(path, asked);
        const second = await ask(path, asked);
        const where = `${path} ${stream}`;
        expect([where, first.status, ...first.cache]).toEqual([where, 200, "MISS", null]);
        expect([where, second.status, ...second.cache]).toEqual([where, 200, "HIT", first.generationId]);
        const said = ({ text }: Asked) => [...text.matchAll(words)].map(([, word]) => word);
        expect(said(first).length).toBeGreaterThan(0);
        expect([where, said(second)]).toEqual([where, said(first)]);
        expect(second.text).not.toContain(String(first.generationId));
        expect(second.text).toContain(String(second.generationId));
        expect(second.text).not.toMatch(/"(?:prompt|input|output|completion|total)_tokens":[1-9]/);
        expect(second.text).toMatch(/"cost":0[,}]/);
        expect(second.text.split("\n\n").length).toBe(first.text.split("\n\n").length);
        if (stream) expect(second.text.endsWith("\n\n")).toBe(true);
      }
    }
    expect(server.log.join("\n")).not.toContain("pipeline.failed");
  });

  test("leaves a record of its own that names the first, costs nothing and asked nobody", async () => {
    const { person, ask } = await ready();
    const body = { model: "gpt-3.5", messages };
    const first = await ask("/chat/completions", body);
    const second = await ask("/chat/completions", body);
    const { secret } = await person.createKey("Reads");
    const headers = { authorization: `Bearer ${secret}` };
    const of = async (id: string | null) => (await person.call(`/api/v1/generation?id=${id}`, { headers })).body.data;
    expect(await of(first.generationId)).toMatchObject({ response_cache_source_id: null, finish_reason: "stop" });
    expect(await of(second.generationId)).toMatchObject({
      response_cache_source_id: first.generationId,
      provider_name: "Sandbox",
      finish_reason: "stop",
      usage: 0,
      is_cost_known: true,
      tokens_prompt: 0,
      tokens_completion: 0,
      provider_responses: [],
    });
    const shown = (await person.dashboard(`/activity/${second.generationId}`)).body;
    expect(shown).toMatchObject({ cacheSourceId: first.generationId, costUsd: "0", attempts: [] });
  });

  test("is answered anew when it says so, and from then on with the new answer", async () => {
    const { ask } = await ready();
    const body = { model: "gpt-3.5", messages };
    const on = { "x-openrouter-cache": "true" };
    await ask("/chat/completions", body);
    const cleared = await ask("/chat/completions", body, { headers: { ...on, "x-openrouter-cache-clear": "true" } });
    expect(cleared.cache[0]).toBe("MISS");
    expect((await ask("/chat/completions", body)).cache).toEqual(["HIT", cleared.generationId]);
    await ask("/chat/completions", body, { headers: { "x-openrouter-cache-clear": "true" } });
    expect((await ask("/chat/completions", body)).cache[0]).toBe("MISS");
    expect((await ask("/chat/completions", body, { headers: {} })).cache).toEqual([null, null]);
  });
});

test("no key gets what another was answered, not even of the same person", async () => {
  const { person, server, ask } = await ready();
  const body = { model: "gpt-3.5", messages };
  await ask("/chat/completions", body);
  const sibling = await person.createKey("Sibling");
  const stranger = await (await server.visitor().join("budi@example.com")).createKey();
  for (const { secret } of [sibling, stranger]) {
    expect((await ask("/chat/completions", body, { secret })).cache[0]).toBe("MISS");
  }
  expect((await ask("/chat/completions", { messages, model: "gpt-3.5" })).cache[0]).toBe("MISS");
  expect((await ask("/responses", { model: "gpt-3.5", input: "Halo" })).cache[0]).toBe("MISS");
});

test("a header that makes no sense is refused before anybody is asked, and pages of other origins may read the answer's", async () => {
  const { server, ask } = await ready();
  const body = { model: "gpt-3.5", messages };
  const refused = await ask("/chat/completions", body, { headers: { "x-openrouter-cache-ttl": "5m" } });
  expect([refused.status, refused.cache[0]]).toEqual([400, null]);
  expect(refused.text).toContain("X-OpenRouter-Cache-TTL");
  const preflight = await fetch(`${server.url}/api/v1/chat/completions`, { method: "OPTIONS" });
  for (const name of ["status", "age", "ttl", "source-id"]) {
    expect(preflight.headers.get("access-control-expose-headers")).toContain(`x-openrouter-cache-${name}`);
  }
});

describe("an answer that is not whole and good is not kept", () => {
  const upstreams: [string, boolean, () => Response][] = [
    ["an error", false, () => Response.json({ error: { message: "no" } }, { status: 400 })],
    ["an end by error", false, () => withFinish("error")],
    ["an answer that does not say why it ended", false, () => withFinish(null)],
    ["a stream that breaks", true, () => new Response(chunk({ content: "Half" }), eventStream)],
    [
      "a stream that ends by error",
      true,
      () => new Response(chunk({ content: "Half" }) + chunk({}, { finish_reason: "error" }) + usageEvent, eventStream),
    ],
  ];
  for (const [name, stream, answer] of upstreams) {
    test(name, async () => {
      const plane = await startDataPlane(answer);
      stops.push(() => plane.stop());
      const headers = { authorization: `Bearer ${harnessKey.key}`, "x-openrouter-cache": "true" };
      for (let time = 0; time < 2; time++) await (await plane.call({ ...halo, stream }, { headers })).text();
      expect(plane.seen).toHaveLength(2);
      expect(plane.kept.map(({ cacheSourceId }) => cacheSourceId)).toEqual([null, null]);
    });
  }

  test("an answer whose record could not be kept", async () => {
    const words = chunk({ content: "Halo" }) + chunk({ content: "!" }, { finish_reason: "stop" }) + usageEvent;
    const plane = await startDataPlane(() => new Response(words, eventStream));
    stops.push(() => plane.stop());
    const headers = { authorization: `Bearer ${harnessKey.key}`, "x-openrouter-cache": "true" };
    const body = { ...halo, stream: true };
    plane.storage.down = true;
    await (await plane.call(body, { headers })).text();
    plane.storage.down = false;
    expect((await plane.call(body, { headers })).headers.get("x-openrouter-cache-status")).toBe("MISS");
    expect(plane.seen).toHaveLength(2);
  });
});

test("a hit whose record could not be kept is not given", async () => {
  const plane = await startDataPlane(() => Response.json(completion));
  stops.push(() => plane.stop());
  const headers = { authorization: `Bearer ${harnessKey.key}`, "x-openrouter-cache": "true" };
  await (await plane.call(halo, { headers })).text();
  plane.storage.down = true;
  const answer = await plane.call(halo, { headers });
  expect([answer.status, answer.headers.get("x-openrouter-cache-status")]).toEqual([503, null]);
  expect(await answer.text()).not.toContain("Baik!");
});

function withFinish(finish_reason: string | null): Response {
  const [choice] = completion.choices;
  return Response.json({ ...completion, choices: [{ ...choice, finish_reason }] });
}
