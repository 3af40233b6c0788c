/** Records of past requests through OpenRouter's own package, whose schemas check every answer; on both databases. */
import { expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { openStorage } from "../../src/storage/open.ts";
import { createUsageWriter } from "../../src/storage/usage-writer/usage-writer.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { managementKeyOf } from "../support/management-key.ts";
import { usageRow } from "../support/stored.ts";

const DAY_MS = 86_400_000;
const halo = { model: "gpt-3.5", messages: [{ role: "user" as const, content: "Halo, apa kabar?" }] };

async function begin({ start }: Servers, env: Record<string, string> = {}) {
  const server = await start(env);
  const clientOf = (apiKey: string) =>
    new OpenRouter({ apiKey, serverURL: `${server.url}/api/v1`, retryConfig: { strategy: "none" } });
  const person = async (email: string) => {
    const visitor = await server.visitor().join(email);
    const key = await visitor.createKey();
    const { id: userId } = (await visitor.dashboard("/account")).body;
    const management = await managementKeyOf(userId, server.place);
    return { visitor, userId, key, management, client: clientOf(key.secret), manager: clientOf(management) };
  };
  return { server, person };
}

/** Asks for an answer and gives the generation's id. */
async function generate(client: OpenRouter, more: object = {}): Promise<string> {
  const answer = await client.chat.send({ chatRequest: { ...halo, ...more, stream: false } });
  if (!("choices" in answer)) throw new Error("no answer");
  return answer.id;
}

const refusal = (caught: unknown) => caught;
const authorized = (key: string) => ({ authorization: `Bearer ${key}` });

onEachEngine((servers) => {
  test("a generation is told with everything that its request said of itself", async () => {
    const { server, person } = await begin(servers);
    const siti = await person("siti@example.com");
    const answer = await siti.visitor.call("/api/v1/chat/completions", {
      body: { ...halo, user: "customer-7", session_id: "chat-1" },
      headers: {
        ...authorized(siti.key.secret),
        "http-referer": "https://app.example.com/x",
        "x-openrouter-title": "My app",
        "x-openrouter-categories": "cli-agent,unheard-of,legal,game",
        "user-agent": "records-test",
      },
    });
    const { data } = await siti.client.generations.getGeneration({ id: answer.body.id });
    expect(data).toMatchObject({
      id: answer.headers.get("x-generation-id"),
      requestId: answer.headers.get("x-request-id"),
      model: answer.body.model,
      providerName: "Sandbox",
      apiType: "completions",
      externalUser: "customer-7",
      sessionId: "chat-1",
      httpReferer: "https://app.example.com/x",
      origin: "https://app.example.com",
      userAgent: "records-test",
      streamed: false,
      cancelled: false,
      finishReason: "stop",
      nativeFinishReason: "stop",
      tokensPrompt: answer.body.usage.prompt_tokens,
      tokensCompletion: answer.body.usage.completion_tokens,
      nativeTokensReasoning: 0,
      totalCost: answer.body.usage.cost,
      isByok: false,
      dataRegion: "global",
    });
    expect(data.providerResponses).toMatchObject([
      { providerName: "Sandbox", status: 200, modelPermaslug: data.model },
    ]);
    expect(Math.abs(Date.parse(data.createdAt) - Date.now())).toBeLessThan(60_000);
    const raw = await server.visitor().call(`/v1/generation?id=${data.id}`, { headers: authorized(siti.management) });
    expect(raw.body.data).toMatchObject({ app_title: "My app", app_categories: ["cli-agent", "legal"], status: 200 });
  });

  test("costs are the stored nano-dollars to the last digit, and an unknown price says so", async () => {
    const { server, person } = await begin(servers);
    const siti = await person("siti@example.com");
    const rows = [
      usageRow({ id: "gen-1-exact", cost_nano: 123_456_789_123n, upstream_cost_nano: 1n, cache_discount_nano: -7n }),
      usageRow({ id: "gen-2-unknown", cost_nano: null, price_version: null }),
    ].map((row) => ({ ...row, user_id: siti.userId }));
    await stored(server.place, rows);
    const exact = (await siti.client.generations.getGeneration({ id: "gen-1-exact" })).data;
    expect(exact).toMatchObject({
      totalCost: 123.456789123,
      usage: 123.456789123,
      upstreamInferenceCost: 0.000000001,
      cacheDiscount: -0.000000007,
    });
    const headers = authorized(siti.key.secret);
    const unknown = await siti.visitor.call("/api/v1/generation?id=gen-2-unknown", { headers });
    expect(unknown.body.data).toMatchObject({ total_cost: 0, is_cost_known: false });
  });

  test("the record of a stream is there the moment [DONE] is read: 200 at once, no miss", async () => {
    const { server, person } = await begin(servers);
    const siti = await person("siti@example.com");
    const headers = { ...authorized(siti.key.secret), "content-type": "application/json" };
    const once = async (index: number): Promise<number> => {
      const isStream = index % 2 === 0;
      const answer = await fetch(`${server.url}/api/v1/chat/completions`, {
        method: "POST",
        headers,
        body: JSON.stringify({ ...halo, stream: isStream }),
      });
      const id = answer.headers.get("x-generation-id");
      if (isStream) await untilDone(answer);
      else await answer.json();
      return (await fetch(`${server.url}/api/v1/generation?id=${id}`, { headers })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 200 }, (_, index) => once(index)));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  test("somebody else's generation is as unknown as one that never was, and what is no id is told so", async () => {
    const { person } = await begin(servers);
    const siti = await person("siti@example.com");
    const budi = await person("budi@example.com");
    const id = await generate(siti.client);
    const told = async (client: OpenRouter, asked: string) => {
      const error = await client.generations.getGeneration({ id: asked }).catch(refusal);
      return error as { statusCode: number; message: string };
    };
    const others = await told(budi.client, id);
    const unknown = await told(budi.client, "gen-1-never");
    expect([others.statusCode, unknown.statusCode]).toEqual([404, 404]);
    expect(others.message.replace(id, "")).toBe(unknown.message.replace("gen-1-never", ""));
    for (const bad of ["", "chatcmpl-1", "gen-", "gen-'; drop table usage", `gen-${"x".repeat(99)}`, "gen-\0"]) {
      expect([bad, (await told(siti.client, bad)).statusCode]).toEqual([bad, 400]);
    }
    const headers = authorized(siti.key.secret);
    for (const query of ["", "?generation=x", `?id=${id}&more=1`]) {
      const answer = await siti.visitor.call(`/api/v1/generation${query}`, { headers });
      expect([query, answer.status, answer.body.error.metadata.error_code]).toEqual([query, 400, "invalid_field"]);
    }
    expect((await siti.manager.generations.getGeneration({ id })).data.id).toBe(id);
  });

  test("a request that failed is told with its status and every attempt", async () => {
    const { person } = await begin(servers);
    const siti = await person("siti@example.com");
    const headers = authorized(siti.key.secret);
    const refused = await siti.visitor.call("/api/v1/chat/completions", {
      body: { ...halo, model: "no/such" },
      headers,
    });
    const id = refused.headers.get("x-generation-id");
    const answer = await siti.visitor.call(`/api/v1/generation?id=${id}`, { headers });
    expect(answer.body.data).toMatchObject({
      model: "no/such",
      provider_name: null,
      status: 400,
      error_code: "model_unknown",
      generation_time: null,
      provider_responses: [],
      total_cost: 0,
      is_cost_known: true,
    });
  });

  test("feedback is kept once for each generation and category, the last word counts", async () => {
    const { server, person } = await begin(servers);
    const siti = await person("siti@example.com");
    const budi = await person("budi@example.com");
    const generationId = await generate(siti.client);
    const say = (
      client: OpenRouter,
      said: { category: "latency" | "other"; comment?: string; generationId?: string },
    ) => client.generations.submitFeedback({ submitGenerationFeedbackRequest: { generationId, ...said } });
    expect((await say(siti.manager, { category: "latency", comment: "slow" })).data.success).toBe(true);
    await say(siti.manager, { category: "latency", comment: "very slow" });
    await say(siti.manager, { category: "other" });
    const { db, close } = await openStorage(server.place);
    const kept = await db
      .selectFrom("generation_feedback")
      .select(["category", "comment"])
      .orderBy("category")
      .execute();
    await close();
    expect(kept).toEqual([
      { category: "latency", comment: "very slow" },
      { category: "other", comment: null },
    ]);
    expect(await say(budi.manager, { category: "other" }).catch(refusal)).toMatchObject({ statusCode: 404 });
    expect(await say(siti.client, { category: "other" }).catch(refusal)).toMatchObject({ statusCode: 403 });
    const post = (body: object) =>
      siti.visitor.call("/api/v1/generation/feedback", { body, headers: authorized(siti.management) });
    const good = { generation_id: generationId, category: "other" };
    for (const bad of [
      { ...good, category: "praise" },
      { ...good, comment: "x".repeat(1001) },
      { ...good, comment: "\0" },
      { ...good, comment: 7 },
      { ...good, rating: 5 },
      { category: "other" },
      { ...good, generation_id: "nonsense" },
    ]) {
      expect([bad, (await post(bad)).status]).toEqual([bad, 400]);
    }
    expect((await post({ ...good, comment: "x".repeat(1000) })).status).toBe(200);
  });

  test("activity sums the last 30 completed days exactly, per day, model and provider", async () => {
    const { server, person } = await begin(servers);
    const siti = await person("siti@example.com");
    const budi = await person("budi@example.com");
    const today = Math.floor(Date.now() / DAY_MS);
    const at = (daysAgo: number) => (today - daysAgo) * DAY_MS + DAY_MS / 2;
    const row = (changes: Parameters<typeof usageRow>[0]) =>
      usageRow({ user_id: siti.userId, key_id: siti.key.id, model: "acme/m", provider: "Acme", ...changes });
    await stored(server.place, [
      ...Array.from({ length: 3 }, () => row({ created_at: at(1), cost_nano: 1n, reasoning_tokens: 2 })),
      row({ created_at: at(1), cost_nano: null }),
      row({ created_at: at(1), provider: "Other", provider_slug: "other" }),
      row({ created_at: at(1), key_id: "key0other" }),
      row({ created_at: at(30) }),
      row({ created_at: at(31) }),
      row({ created_at: at(0) }),
      row({ created_at: at(1), status: 502, error_code: "provider_unavailable", cost_nano: 0n }),
      row({ created_at: at(1), model: null, provider: null, status: 400, error_code: "model_unknown" }),
      row({ created_at: at(1), user_id: budi.userId, key_id: budi.key.id }),
    ]);
    const activity = async (question: object) =>
      (await siti.manager.analytics.getUserActivity(question)).data.map(
        ({ date, providerName, requests, usage, reasoningTokens }) => [
          date,
          providerName,
          requests,
          usage,
          reasoningTokens,
        ],
      );
    const yesterday = dayName(today - 1);
    expect(await activity({})).toEqual([
      [yesterday, "Other", 1, 0.0000015, 0],
      [yesterday, "Acme", 5, 0.000001503, 6],
      [dayName(today - 30), "Acme", 1, 0.0000015, 0],
    ]);
    expect(await activity({ date: dayName(today - 30), userId: siti.userId })).toHaveLength(1);
    const hash = (await siti.visitor.dashboard(`/keys/${siti.key.id}`)).body.hash;
    expect((await activity({ apiKeyHash: hash, date: yesterday }))[1]).toEqual([yesterday, "Acme", 4, 0.000000003, 6]);
    const [split] = (await siti.manager.analytics.getUserActivity({ groupBy: "workspace" })).data;
    expect(split?.workspaceId).toBe("00000000-0000-0000-0000-000000000000");
    expect(await activity({ workspaceId: split?.workspaceId })).toHaveLength(3);
    expect(split?.endpointId).toBe("other/acme/m");
  });

  test("activity is for management keys, and every wrong question is told what is wrong with it", async () => {
    const { person } = await begin(servers);
    const siti = await person("siti@example.com");
    const budi = await person("budi@example.com");
    expect(await siti.client.analytics.getUserActivity().catch(refusal)).toMatchObject({ statusCode: 403 });
    const ask = async (query: string) => {
      const answer = await siti.visitor.call(`/api/v1/activity?${query}`, { headers: authorized(siti.management) });
      return answer.status;
    };
    const today = Math.floor(Date.now() / DAY_MS);
    const wrong = [
      "date=",
      "date=2026-02-30",
      "date=yesterday",
      `date=${dayName(today)}`,
      `date=${dayName(today - 31)}`,
    ];
    for (const query of [...wrong, "api_key_hash=abc", "group_by=model", "days=7", "user_id="]) {
      expect([query, await ask(query)]).toEqual([query, 400]);
    }
    const budisHash = (await budi.visitor.dashboard(`/keys/${budi.key.id}`)).body.hash;
    const nowhere = [`api_key_hash=${budisHash}`, `api_key_hash=${"0".repeat(64)}`, `user_id=${budi.userId}`];
    for (const query of [...nowhere, "workspace_id=x"]) expect([query, await ask(query)]).toEqual([query, 404]);
  });
});

/** Reads a stream piece by piece and stops at the end that it announces, before the connection closes. */
async function untilDone(answer: Response): Promise<void> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of answer.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes("data: [DONE]")) return;
  }
  throw new Error(`no end in ${text}`);
}

async function stored(place: Parameters<typeof openStorage>[0], rows: ReturnType<typeof usageRow>[]): Promise<void> {
  const storage = await openStorage(place);
  const writer = createUsageWriter(storage);
  await Promise.all(rows.map((row) => writer.record(row)));
  await writer.close();
  await storage.close();
}

function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
