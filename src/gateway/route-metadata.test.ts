import { afterEach, describe, expect, test } from "bun:test";
import {
  bodyOf,
  chunk,
  completion,
  eventStream,
  type Harness,
  halo,
  made,
  readStream,
  startDataPlane,
  usageEvent,
} from "../../test/support/data-plane.ts";
import { startServer } from "../../test/support/server.ts";
import { withMetadata } from "./route-metadata.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
const enabled = { headers: { authorization: `Bearer ${made.key}`, "x-openrouter-metadata": "Enabled" } };

async function planeOf(...answers: (() => Response)[]): Promise<Harness> {
  const plane = await startDataPlane(...answers);
  stops.push(() => plane.stop());
  return plane;
}
const broken = () => Response.json({ error: { message: "down" } }, { status: 500 });
const good = () => Response.json(completion);
const words = () =>
  new Response(
    chunk({ content: "Ba" }) + chunk({ content: "ik" }, { finish_reason: "stop" }) + usageEvent,
    eventStream,
  );
const metadataOf = (body: unknown) => (body as { openrouter_metadata?: Record<string, unknown> }).openrouter_metadata;

describe("how a request was routed", () => {
  test("is told of a whole answer: what there was, what was tried, how it went and why", async () => {
    const plane = await planeOf(broken, good);
    const metadata = metadataOf(await bodyOf(await plane.call(halo, enabled)));
    expect(metadata).toMatchObject({
      requested: "acme/m",
      strategy: "direct",
      region: null,
      attempt: 2,
      is_byok: false,
      endpoints: {
        total: 2,
        available: [
          { provider: "P0", model: "acme/m", selected: false, reason: expect.any(String) },
          { provider: "P1", model: "acme/m", selected: true, reason: expect.any(String) },
        ],
      },
      attempts: [
        { provider: "P0", model: "acme/m", status: 500 },
        { provider: "P1", model: "acme/m", status: 200 },
      ],
      passed_over: [],
    });
    expect(metadata?.summary).toContain("available=2, selected=P1");
    expect(metadata?.generation_time).toBeNumber();
  });

  test("is told of a request whose wishes leave nobody, and not of a model that nobody has", async () => {
    const plane = await planeOf(good);
    const refused = await plane.call({ ...halo, provider: { zdr: true } }, enabled);
    expect(refused.status).toBe(404);
    expect(metadataOf(await bodyOf(refused))).toMatchObject({
      endpoints: { total: 1, available: [] },
      attempts: [],
      passed_over: [{ provider: "P0", model: "acme/m", because: "data_policy:zdr" }],
    });
    const unknown = await plane.call({ ...halo, model: "acme/none" }, enabled);
    expect([unknown.status, metadataOf(await bodyOf(unknown))]).toEqual([400, undefined]);
  });

  test("is told in the last event of a stream that is JSON, and in no other", async () => {
    const plane = await planeOf(words);
    const { events } = await readStream(await plane.call({ ...halo, stream: true }, enabled));
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(metadataOf(chunks.at(-1))).toMatchObject({ attempt: 1, attempts: [{ provider: "P0", status: 200 }] });
    expect(chunks.at(-1).usage.total_tokens).toBe(12);
    expect(chunks.slice(0, -1).some((one) => "openrouter_metadata" in one)).toBe(false);
  });

  test("is told of a failure, before the answer and in the middle of it", async () => {
    const failing = await planeOf(broken, broken);
    const refused = await failing.call(halo, enabled);
    expect(refused.status).toBe(502);
    expect(metadataOf(await bodyOf(refused))).toMatchObject({
      attempt: 3,
      attempts: [
        { provider: "P0", status: 500 },
        { provider: "P1", status: 500 },
        { provider: "P1", status: 500 },
      ],
      endpoints: { available: [{ selected: false }, { selected: false }] },
    });
    const breaking = await planeOf(() => new Response(chunk({ content: "Half" }), eventStream));
    const { events } = await readStream(await breaking.call({ ...halo, stream: true }, enabled));
    const last = JSON.parse(events.at(-1) ?? "");
    expect(last.error.code).toBe(502);
    expect(metadataOf(last)).toMatchObject({ attempt: 1 });
  });

  test("is told to nobody who does not ask for it, and of nothing that was refused before", async () => {
    const plane = await planeOf(good);
    const authorization = `Bearer ${made.key}`;
    for (const level of [undefined, "disabled", "yes", ""]) {
      const headers = { authorization, ...(level === undefined ? {} : { "x-openrouter-metadata": level }) };
      expect(metadataOf(await bodyOf(await plane.call(halo, { headers })))).toBeUndefined();
    }
    const older = { authorization, "x-openrouter-experimental-metadata": "enabled" };
    expect(metadataOf(await bodyOf(await plane.call(halo, { headers: older })))).toBeDefined();
    expect(metadataOf(await bodyOf(await plane.call({ model: "acme/m" }, enabled)))).toBeUndefined();
  });

  test("is told in every dialect, whole and streamed, and never by a kept answer", async () => {
    const server = await startServer();
    stops.push(() => server.stop());
    const { secret } = await (await server.visitor().join("siti@example.com")).createKey();
    const messages = [{ role: "user", content: "Halo" }];
    const calls: [string, object][] = [
      ["/chat/completions", { messages }],
      ["/completions", { prompt: "Halo" }],
      ["/responses", { input: "Halo" }],
      ["/messages", { max_tokens: 500, messages }],
      ["/embeddings", { model: "sandbox/embedding", input: "Halo" }],
      ["/rerank", { model: "sandbox/rerank", query: "Halo", documents: ["Halo"] }],
    ];
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const ask = async (path: string, body: object) => {
      const options = { ...headers, "x-openrouter-metadata": "enabled", "x-openrouter-cache": "true" };
      const init = { method: "POST", headers: options, body: JSON.stringify({ model: "gpt-3.5", ...body }) };
      return (await fetch(`${server.url}/api/v1${path}`, init)).text();
    };
    for (const [path, body] of calls) {
      const whole = await ask(path, body);
      expect([path, metadataOf(JSON.parse(whole))]).toEqual([
        path,
        expect.objectContaining({ requested: expect.any(String) }),
      ]);
      expect([path, await ask(path, body)]).toEqual([path, expect.not.stringContaining("openrouter_metadata")]);
      if (path === "/embeddings" || path === "/rerank") continue;
      const events = (await ask(path, { ...body, stream: true })).split("\n\n");
      const last = events.findLast((event) => event.includes('{"')) ?? "";
      expect([path, last]).toEqual([path, expect.stringContaining('"openrouter_metadata":{"requested":"gpt-3.5"')]);
      expect(await ask(path, { ...body, stream: true })).not.toContain("openrouter_metadata");
    }
  });
});

test("metadata goes inside the response object where there is one, and leaves what is no JSON as it is", () => {
  const response = 'event: response.completed\ndata: {"type":"x","response":{"id":"r"}}\n\n';
  expect(withMetadata(`${response}data: [DONE]\n\n`, { a: 1 })).toBe(
    'event: response.completed\ndata: {"type":"x","response":{"id":"r","openrouter_metadata":{"a":1}}}\n\ndata: [DONE]\n\n',
  );
  expect(withMetadata("data: [DONE]\n\n", { a: 1 })).toBe("data: [DONE]\n\n");
  expect(withMetadata("", { a: 1 })).toBe("");
});
