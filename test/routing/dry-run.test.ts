/** "Which provider would serve this, and why?", asked with a key and in the dashboard: nobody is called, nothing is paid. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { startServer, type TestServer } from "../support/server.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

const KEY = "sk-invented-0123456789";
const messages = [{ role: "user", content: "Halo" }];
let cheap: Upstream;
let dear: Upstream;
let server: TestServer;
let owner: Visitor;
let secret: string;

beforeAll(async () => {
  cheap = startUpstream(["acme/m"], KEY);
  dear = startUpstream(["acme/m"], KEY);
  const provider = (name: string, upstream: Upstream, more: string) =>
    `  - {type: openai-compatible, slug: ${name}, name: ${name}, baseUrl: "${upstream.url}", apiKey: "${KEY}", models: [acme/m]${more}}`;
  const file = ["providers:", provider("cheap", cheap, ""), provider("dear", dear, "")].join("\n");
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: `${cheap.host},${dear.host}` }, undefined, file);
  owner = await server.visitor().join("siti@example.com");
  secret = (await owner.createKey()).secret;
});
afterEach(async () => {
  const nothing = {
    only: null,
    ignore: [],
    sort: null,
    zeroDataRetention: false,
    denyDataCollection: false,
    defaultModel: null,
  };
  for (const path of ["/routing", "/routing/instance"]) {
    expectStatus(await owner.dashboard(path, nothing, "PATCH"), 200);
  }
});
afterAll(async () => {
  await server.stop();
  await cheap.stop();
  await dear.stop();
});

function dryRun(body: object, query = "") {
  const headers = { authorization: `Bearer ${secret}` };
  return owner.call(`/api/v1/routing/dry-run${query}`, { body, headers });
}
const names = (list: { provider: string }[]) => list.map(({ provider }) => provider).sort();

describe("a dry run", () => {
  test("names everybody who would be tried, with reason, price and standing, and calls and charges nobody", async () => {
    const { body } = expectStatus(await dryRun({ model: "acme/m", messages }), 200);
    expect(body.data).toMatchObject({ requested: ["acme/m"], preset: null, strategy: "direct", refusal: null });
    expect(names(body.data.endpoints)).toEqual(["cheap", "dear"]);
    expect(body.data.endpoints[0]).toMatchObject({
      model: "acme/m",
      reason: expect.any(String),
      why: { place: expect.any(String), demerits: expect.any(Array), other_model: false },
      price: null,
      available: true,
      uptime: null,
      problem: null,
      problem_code: null,
      dropped_parameters: [],
    });
    expect(body.data.summary).toContain("comes first");
    expect([...cheap.seen, ...dear.seen]).toEqual([]);
    expect((await owner.dashboard("/activity")).body.rows).toEqual([]);
  });

  test("says who is passed over and why, also where nobody is left and the request would be refused", async () => {
    const { body } = await dryRun({ model: "acme/m", messages, provider: { ignore: ["dear"] } });
    expect(names(body.data.endpoints)).toEqual(["cheap"]);
    expect(body.data.passed_over).toMatchObject([{ provider: "dear", because: "ignored_providers" }]);
    const { status, body: none } = await dryRun({ model: "acme/m", messages, provider: { zdr: true } });
    expect(status).toBe(200);
    expect(none.data.endpoints).toEqual([]);
    expect(none.data.passed_over.map(({ because }: { because: string }) => because)).toEqual([
      "data_policy:zdr",
      "data_policy:zdr",
    ]);
    expect(none.data.refusal).toMatchObject({ code: 404, error_code: "endpoints_filtered" });
    expect((await dryRun({ model: "nobody/nothing", messages })).body.data.refusal).toMatchObject({
      code: 400,
      error_code: "model_unknown",
    });
  });

  test("takes the body of every call, and refuses what the call would refuse", async () => {
    const bodies: [string, object][] = [
      ["completions", { prompt: "Halo" }],
      ["responses", { input: "Halo" }],
      ["messages", { messages, max_tokens: 10 }],
    ];
    for (const [api, body] of bodies) {
      const { body: answer } = expectStatus(await dryRun({ model: "acme/m", ...body }, `?api=${api}`), 200);
      expect([api, names(answer.data.endpoints)]).toEqual([api, ["cheap", "dear"]]);
    }
    const unsuited = await dryRun({ model: "acme/m", query: "x", documents: ["y"] }, "?api=rerank");
    expect(unsuited.status).toBe(200);
    expect((await dryRun({ model: "acme/m" })).status).toBe(400);
    expect((await dryRun({ model: "acme/m", messages }, "?api=songs")).status).toBe(400);
    expect((await dryRun({ messages })).body.error.metadata.error_code).toBe("model_missing");
  });

  test("the dashboard has the same answer for who is signed in", async () => {
    const body = { model: "acme/m", messages };
    const shown = expectStatus(await owner.dashboard("/routing/dry-run", body), 200);
    expect(names(shown.body.data.endpoints)).toEqual(["cheap", "dear"]);
  });
});

describe("what is set for every request", () => {
  const ask = async (more: object = {}) => {
    const headers = { authorization: `Bearer ${secret}` };
    return owner.call("/api/v1/chat/completions", { body: { model: "acme/m", messages, ...more }, headers });
  };

  test("is obeyed from the next request on: a provider that is avoided, and one that alone is allowed", async () => {
    expectStatus(await owner.dashboard("/routing", { ignore: ["cheap"] }, "PATCH"), 200);
    for (let call = 0; call < 5; call++) expect((await ask()).body.provider).toBe("dear");
    expectStatus(await owner.dashboard("/routing", { ignore: [], only: ["cheap"] }, "PATCH"), 200);
    for (let call = 0; call < 5; call++) expect((await ask()).body.provider).toBe("cheap");
    expect((await ask({ provider: { only: ["dear"] } })).body.error.metadata.error_code).toBe("endpoints_filtered");
    expect((await dryRun({ model: "acme/m", messages })).body.data.provider).toEqual({ only: ["cheap"] });
  });

  test("the owner's bound holds for every account, and an account can only narrow it", async () => {
    expectStatus(
      await owner.dashboard("/routing/instance", { only: ["cheap"], denyDataCollection: false }, "PATCH"),
      200,
    );
    expectStatus(await owner.dashboard("/routing", { only: ["dear"] }, "PATCH"), 200);
    expect((await ask()).status).toBe(404);
    expectStatus(await owner.dashboard("/routing", { only: ["cheap", "dear"] }, "PATCH"), 200);
    expect((await ask()).body.provider).toBe("cheap");
    const member = await server.visitor().join("budi@example.com");
    const other = await member.createKey();
    const headers = { authorization: `Bearer ${other.secret}` };
    for (let call = 0; call < 4; call++) {
      const answer = await member.call("/api/v1/chat/completions", { body: { model: "acme/m", messages }, headers });
      expect(answer.body.provider).toBe("cheap");
    }
  });

  test("a default model serves requests that name none", async () => {
    expectStatus(await owner.dashboard("/routing", { defaultModel: "acme/m" }, "PATCH"), 200);
    expect((await ask({ model: undefined })).body.model).toBe("acme/m");
    expectStatus(await owner.dashboard("/routing", { defaultModel: null }, "PATCH"), 200);
    expect((await ask({ model: undefined })).status).toBe(400);
  });
});

describe("a preset", () => {
  test("fills the request in, is named in the record, and counts from the next request on in the version that is taken", async () => {
    const config = { model: "acme/m", provider: { only: ["dear"] }, cache_enabled: true };
    const preset = { slug: "mail", systemPrompt: "Be brief.", config };
    const made = expectStatus(await owner.dashboard("/presets", preset), 201).body;
    const headers = { authorization: `Bearer ${secret}` };
    const ask = (content: string) =>
      owner.call("/api/v1/chat/completions", {
        body: { model: "@preset/Mail", messages: [{ role: "user", content }] },
        headers,
      });
    const first = expectStatus(await ask("one"), 200);
    expect([first.body.provider, first.headers.get("x-openrouter-cache-status")]).toEqual(["dear", "MISS"]);
    expect(dear.seen.at(-1)?.body).toMatchObject({ messages: [{ role: "system", content: "Be brief." }, {}] });
    const again = await ask("one");
    expect(again.headers.get("x-openrouter-cache-status")).toBe("HIT");
    const id = first.headers.get("x-generation-id");
    const record = await owner.call(`/api/v1/generation?id=${id}`, { headers });
    expect(record.body.data).toMatchObject({ preset_id: made.id, router: null });
    const changed = { config: { model: "acme/m", provider: { only: ["cheap"] } } };
    expectStatus(await owner.dashboard("/presets/mail", changed, "PATCH"), 200);
    expect((await ask("two")).body.provider).toBe("cheap");
    expect((await ask("one")).headers.get("x-openrouter-cache-status")).toBeNull();
    expectStatus(await owner.dashboard("/presets/mail", { version: 1 }, "PATCH"), 200);
    expect((await ask("three")).body.provider).toBe("dear");
    expect((await dryRun({ model: "@preset/mail", messages })).body.data).toMatchObject({ preset: "mail" });
    expectStatus(await owner.dashboard("/presets/mail", { status: "disabled" }, "PATCH"), 200);
    expect((await ask("four")).body.error.metadata.error_code).toBe("preset_unknown");
  });
});
