/** Limits as a client meets them, on both databases: over HTTP, with the ledger as it is, and a provider that obeys nothing. */
import { expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer } from "../support/keys.ts";

interface Asked {
  max_completion_tokens?: number;
  max_tokens?: number;
  stream?: boolean;
}

const encoder = new TextEncoder();
const messages = [{ role: "user", content: "Halo" }];

/** A stream that ends only when nobody reads it any more. */
function endless(): Response {
  const piece = { id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-3.5-turbo" };
  const choices = [{ index: 0, delta: { content: "kata ".repeat(40) }, finish_reason: null }];
  const bytes = encoder.encode(`data: ${JSON.stringify({ ...piece, choices })}\n\n`);
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(bytes) }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

onEachEngine(({ start, databases }) => {
  async function begin() {
    const asked: Asked[] = [];
    const upstream = Bun.serve({
      port: 0,
      fetch: async (request) => {
        if (new URL(request.url).pathname.endsWith("/models"))
          return Response.json({ data: [{ id: "gpt-3.5-turbo" }] });
        const body = (await request.json()) as Asked;
        asked.push(body);
        if (body.stream) return endless();
        const completion_tokens = Math.min(body.max_completion_tokens ?? body.max_tokens ?? 4_000, 4_000);
        const message = { role: "assistant", content: "Baik" };
        const choices = [{ index: 0, finish_reason: "stop", message }];
        const usage = { prompt_tokens: 20, completion_tokens, total_tokens: 20 + completion_tokens };
        return Response.json({ id: "1", object: "chat.completion", created: 1, model: "m", choices, usage });
      },
    });
    databases.afterwards(() => upstream.stop(true));
    const host = `127.0.0.1:${upstream.port}`;
    const env = { OPENAI_API_KEY: "sk-invented", OPENAI_BASE_URL: `http://${host}/v1`, ALLOW_PRIVATE_UPSTREAM: host };
    const server = await start(env);
    const person = await server.visitor().join("siti@example.com");
    const keyOf = async (limitUsd: string): Promise<string> =>
      (await person.dashboard("/keys", { name: "Bounded", limitUsd })).body.secret;
    const call = (key: string, more: object = {}) =>
      server.visitor().call("/v1/chat/completions", {
        body: { model: "gpt-3.5", messages, ...more },
        headers: bearer(key),
      });
    const rows = async () => {
      const storage = await openStorage(server.place);
      const found = await storage.db.selectFrom("usage").selectAll().orderBy("created_at").execute();
      await storage.close();
      return found;
    };
    return { asked, keyOf, call, rows };
  }

  test("a small balance still gets an answer, as long as what is left, and the provider is told so", async () => {
    const { asked, keyOf, call, rows } = await begin();
    const key = await keyOf("0.0005");
    const answer = await call(key);
    expect(answer.status).toBe(200);
    const bound = asked[0]?.max_completion_tokens ?? asked[0]?.max_tokens ?? 0;
    expect(bound).toBeGreaterThan(200);
    expect(bound).toBeLessThan(334);
    const [row] = await rows();
    expect(row).toMatchObject({ settled_as: "reported", completion_tokens: bound, loss_nano: 0n });
    expect(row?.cost_nano).toBeLessThanOrEqual(500_000n);
    const second = await call(key);
    expect([second.status, second.body.error.metadata.limit_source]).toEqual([402, "openrouter_key_limit"]);
  });

  test("a longer answer than is affordable is refused before anything is sent, with how long it could be", async () => {
    const { asked, keyOf, call } = await begin();
    const refused = await call(await keyOf("0.0005"), { max_tokens: 4_000 });
    expect(refused.status).toBe(402);
    expect(refused.body.error.message).toMatch(/asks for an answer of up to 4000 tokens, and can afford \d+/);
    expect(refused.body.error.metadata).toMatchObject({ requested_max_tokens: 4_000, limit: 0.0005 });
    expect(asked).toEqual([]);
  });

  test("two hundred calls at once spend no more than the limit, to the nano-dollar", async () => {
    const { keyOf, call, rows } = await begin();
    const key = await keyOf("0.004");
    const answers = await Promise.all(Array.from({ length: 200 }, () => call(key, { max_tokens: 100 })));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 402]));
    const kept = await rows();
    expect(kept).toHaveLength(200);
    const spent = kept.reduce((sum, { cost_nano }) => sum + (cost_nano ?? 0n), 0n);
    expect(spent).toBeGreaterThan(0n);
    expect(spent).toBeLessThanOrEqual(4_000_000n);
  });

  test("a provider that goes on and on is stopped where the money ends, and the stream ends well", async () => {
    const { keyOf, call, rows } = await begin();
    const answer = await call(await keyOf("0.0005"), { stream: true });
    const events = String(answer.body)
      .split("\n\n")
      .filter((event) => event.startsWith("data: {"));
    const parsed = events.map((event) => JSON.parse(event.slice("data: ".length)));
    expect(parsed.some(({ choices }) => choices[0]?.finish_reason === "length")).toBe(true);
    expect(parsed.at(-1)?.usage.budget_note).toContain("used up");
    expect(String(answer.body)).toEndWith("data: [DONE]\n\n");
    const [row] = await rows();
    expect(row).toMatchObject({ settled_as: "cut", finish_reason: "length", native_finish_reason: "budget" });
    expect(row?.cost_nano).toBeLessThanOrEqual(500_000n);
  });
});
