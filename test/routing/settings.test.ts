/** What people set about routing in the dashboard: stored, shown, held to its bounds, and in force. */
import { expect, test } from "bun:test";
import { onEachEngine } from "../support/each-server.ts";
import { expectStatus } from "../support/visitor.ts";

const NOTHING = {
  only: null,
  ignore: [],
  denyDataCollection: false,
  zeroDataRetention: false,
  sort: null,
  maxPrice: { prompt: null, completion: null, request: null, image: null, audio: null },
  defaultModel: null,
};

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const member = await server.visitor().join("siti@example.com");
    return { server, owner, member };
  }

  test("wishes are kept field by field, each account's for itself, the instance's for everybody to see", async () => {
    const { owner, member } = await begin();
    expect((await member.dashboard("/routing")).body).toEqual({ own: NOTHING, instance: NOTHING });
    const first = {
      only: ["OpenAI ", "openai", "deepinfra/turbo"],
      maxPrice: { prompt: "1.50", request: "0.000000001" },
    };
    expectStatus(await member.dashboard("/routing", first, "PATCH"), 200);
    const second = {
      sort: "latency",
      zeroDataRetention: true,
      maxPrice: { prompt: null, audio: "2" },
      defaultModel: "gpt-4o",
    };
    const changed = expectStatus(await member.dashboard("/routing", second, "PATCH"), 200);
    const own = {
      ...NOTHING,
      only: ["openai", "deepinfra/turbo"],
      zeroDataRetention: true,
      sort: "latency",
      maxPrice: { ...NOTHING.maxPrice, request: "0.000000001", audio: "2" },
      defaultModel: "gpt-4o",
    };
    expect(changed.body).toEqual({ own, instance: NOTHING });
    const bound = { ignore: ["x"], denyDataCollection: true };
    expectStatus(await owner.dashboard("/routing/instance", bound, "PATCH"), 200);
    expect((await member.dashboard("/routing")).body).toEqual({ own, instance: { ...NOTHING, ...bound } });
    expect((await owner.dashboard("/routing")).body.own).toEqual(NOTHING);
    const cleared = {
      only: null,
      sort: null,
      zeroDataRetention: false,
      defaultModel: null,
      maxPrice: { request: null, audio: null },
    };
    expect((await member.dashboard("/routing", cleared, "PATCH")).body.own).toEqual(NOTHING);
    expect((await member.dashboard("/routing/instance", bound, "PATCH")).status).toBe(403);
  });

  test("what makes no sense is refused by name, and changes nothing", async () => {
    const { member } = await begin();
    const wrong: [object, string][] = [
      [{}, "body"],
      [{ only: ["open ai"] }, "only.0"],
      [{ ignore: ["x".repeat(200)] }, "ignore.0"],
      [{ ignore: Array.from({ length: 300 }, (_, index) => `p${index}`) }, "ignore"],
      [{ sort: "cheapest" }, "sort"],
      [{ maxPrice: { prompt: "-1" } }, "maxPrice.prompt"],
      [{ maxPrice: { prompt: "0.0000000001" } }, "maxPrice.prompt"],
      [{ maxPrice: { prompt: 1 } }, "maxPrice.prompt"],
      [{ defaultModel: "" }, "defaultModel"],
      [{ unknown: true }, "body"],
    ];
    for (const [body, field] of wrong) {
      const { status, body: answer } = await member.dashboard("/routing", body, "PATCH");
      expect([body, status, answer.error.metadata.problems[0].field]).toEqual([body, 400, field]);
    }
    expect((await member.dashboard("/routing")).body.own).toEqual(NOTHING);
  });

  test("a preset is made, changed, brought back to an older version, switched off and deleted", async () => {
    const { member, owner } = await begin();
    const config = { model: "gpt-4o", temperature: 0.5, provider: { sort: "price", max_price: { prompt: "1.5" } } };
    const preset = { slug: "Writer", name: "Writer", description: "Writes", systemPrompt: "Be brief.", config };
    const made = expectStatus(await member.dashboard("/presets", preset), 201).body;
    expect(made).toMatchObject({
      slug: "writer",
      status: "active",
      version: {
        number: 1,
        systemPrompt: "Be brief.",
        config: { ...config, provider: { sort: "price", max_price: { prompt: "1.5" } } },
      },
    });
    expect((await member.dashboard("/presets", preset)).status).toBe(409);
    const change = (body: object) => member.dashboard("/presets/writer", body, "PATCH");
    expect((await change({ config: { model: "gpt-4o-mini", temperature: null } })).body.version).toMatchObject({
      number: 2,
      systemPrompt: "Be brief.",
      config: { model: "gpt-4o-mini" },
    });
    expect((await change({ systemPrompt: null })).body.version).toMatchObject({ number: 3, systemPrompt: null });
    expect((await change({ version: 1, name: "Old" })).body).toMatchObject({ name: "Old", version: { number: 1 } });
    expect((await change({ version: 7 })).status).toBe(404);
    expect((await change({ version: 1, config })).status).toBe(400);
    expect((await change({ status: "disabled" })).body.status).toBe("disabled");
    expect((await member.dashboard("/presets/writer/versions")).body).toMatchObject({
      total: 3,
      versions: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
    expect((await member.dashboard("/presets")).body).toMatchObject({ total: 1, presets: [{ slug: "writer" }] });
    expect((await owner.dashboard("/presets")).body).toEqual({ total: 0, presets: [] });
    expect((await owner.dashboard("/presets/writer", { name: "x" }, "PATCH")).status).toBe(404);
    expect((await member.dashboard("/presets/writer", undefined, "DELETE")).body).toEqual({ deleted: true });
    expect((await member.dashboard("/presets/writer", undefined, "DELETE")).status).toBe(404);
  });

  test("a preset that no request could use is refused, with the field that is wrong", async () => {
    const { member } = await begin();
    const wrong: [object, string][] = [
      [{ slug: "a b", config: {} }, "slug"],
      [{ slug: "a", config: { messages: [] } }, "config"],
      [{ slug: "a", config: { provider: { sort: "x" } } }, "config.provider.sort"],
      [{ slug: "a", config: { provider: { orders: [] } } }, "config.provider"],
      [{ slug: "a", config: { cache_ttl_seconds: 0 } }, "config.cache_ttl_seconds"],
      [{ slug: "a", config: { stop: "x".repeat(66_000) } }, "body"],
      [{ slug: "a", systemPrompt: "x\0y", config: {} }, "systemPrompt"],
    ];
    for (const [body, field] of wrong) {
      const { status, body: answer } = await member.dashboard("/presets", body);
      const named = answer.error.metadata.problems?.[0]?.field ?? "body";
      expect([field, status === 400 || status === 413, named]).toEqual([field, true, field]);
    }
    expect((await member.dashboard("/presets")).body.total).toBe(0);
  });
});
