/** One money, told in many places: what a call cost is the same in its answer, in its record, and in every sum it is part of. */
import { expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import { USAGE_DIMENSIONS } from "../../src/contract/schemas/usage-series.ts";
import { type NanoUsd, parseUsd, usdNumber, usdString } from "../../src/kernel/money.ts";
import { sumUsd } from "../../web/src/lib/format.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { type Answer, expectStatus, until, type Visitor } from "../support/visitor.ts";

/** Half nano-dollars for a token, so that whoever rounds a sum otherwise than its calls is found out. */
const CONFIG = `
models:
  - id: openai/gpt-3.5-turbo
    price: { prompt: 0.0375, completion: 0.1505 }
`;
const BOUGHT_USD = "5";
const encoder = new TextEncoder();

interface Asked {
  model: string;
  stream?: boolean;
  messages: { content: string }[];
}

/** Of two models, one without a price. What it says that it used depends on what it is asked. */
function startUpstream() {
  return Bun.serve({
    port: 0,
    fetch: async (request) => {
      const models = [{ id: "gpt-3.5-turbo" }, { id: "nobody-knows-1" }];
      if (new URL(request.url).pathname.endsWith("/models")) return Response.json({ data: models });
      const { model, stream, messages }: Asked = (await request.json()) as Asked;
      const content = messages[0]?.content ?? "";
      if (content === "fail") return Response.json({ error: { message: "overloaded" } }, { status: 503 });
      const completion_tokens = 101 + content.length;
      const usage = { prompt_tokens: 33, completion_tokens, total_tokens: 33 + completion_tokens };
      const of = { id: "1", created: 1, model };
      const message = { role: "assistant", content: "Baik" };
      if (!stream) {
        const choices = [{ index: 0, finish_reason: "stop", message }];
        return Response.json({ ...of, object: "chat.completion", choices, usage });
      }
      const piece = (more: object) =>
        encoder.encode(`data: ${JSON.stringify({ ...of, object: "chat.completion.chunk", choices: [], ...more })}\n\n`);
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(piece({ choices: [{ index: 0, delta: message, finish_reason: null }] }));
          if (content === "endless") return;
          controller.enqueue(piece({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
          controller.enqueue(piece({ usage }));
          controller.enqueue(encoder.encode("data: [DONE]\n\n"));
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
}

interface Row {
  id: string;
  costUsd: string | null;
  cancelled: boolean;
}

/** A prepaid account with a budget and a key, and what it takes to call with it. */
async function begin({ start, databases }: Servers) {
  const upstream = startUpstream();
  databases.afterwards(() => upstream.stop(true));
  const host = `127.0.0.1:${upstream.port}`;
  const env = { OPENAI_API_KEY: "sk-invented", OPENAI_BASE_URL: `http://${host}/v1`, ALLOW_PRIVATE_UPSTREAM: host };
  const server = await start({ ...env, UNPRICED_MODELS: "allow" }, undefined, CONFIG);
  const owner = await server.visitor().join("owner@example.com");
  const siti = await server.visitor().join("siti@example.com");
  const userId: string = (await siti.dashboard("/account")).body.id;
  const account = `/budgets/accounts/${userId}`;
  expectStatus(await owner.dashboard(account, { billing: "prepaid" }, "PATCH"), 200);
  const once = { "idempotency-key": "one" };
  const topUp = { body: { amountUsd: BOUGHT_USD }, headers: once };
  expectStatus(await owner.call(`/api/dashboard${account}/top-ups`, topUp), 201);
  expectStatus(await siti.dashboard("/budgets", { monthly: "4" }, "PATCH"), 200);
  expectStatus(await owner.dashboard("/budgets/instance", { monthly: "100" }, "PATCH"), 200);
  const made = await siti.dashboard("/keys", { name: "Used", limitUsd: "3", limitReset: "monthly" });
  const tiny = await siti.dashboard("/keys", { name: "Tiny", limitUsd: "0.000000001" });
  const ask = (content: string, more: object = {}, secret: string = made.body.secret): Promise<Answer> => {
    const body = { model: "gpt-3.5", messages: [{ role: "user", content }], max_tokens: 500, ...more };
    const headers = { ...bearer(secret), "x-openrouter-cache": String(content === "again") };
    return server.visitor().call("/api/v1/chat/completions", { body, headers });
  };
  return { server, owner, siti, userId, key: made.body, tiny: tiny.body, ask };
}
type Begun = Awaited<ReturnType<typeof begin>>;

/** Begins a stream that has no end, and leaves. */
async function leaveStream({ server, key }: Begun): Promise<void> {
  const gone = new AbortController();
  const cut = await fetch(`${server.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { ...bearer(key.secret), "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-3.5", stream: true, messages: [{ role: "user", content: "endless" }] }),
    signal: gone.signal,
  });
  await cut.body?.getReader().read();
  gone.abort();
}

/** Every kind of call once; what each answer said that it cost, null where that is not known. */
async function callInEveryWay(begun: Begun): Promise<Map<string, number | null>> {
  const { ask, tiny } = begun;
  const told = new Map<string, number | null>();
  const keep = ({ id, usage }: { id: string; usage: { cost: number | null } }) => told.set(id, usage.cost);
  for (const content of ["a", "bb", "ccc", "again", "again"]) keep(expectStatus(await ask(content), 200).body);
  const stream = String(expectStatus(await ask("dddd", { stream: true }), 200).body);
  keep([...stream.matchAll(/^data: (\{.+)$/gm)].map(([, data = ""]) => JSON.parse(data)).at(-1));
  keep(expectStatus(await ask("e", { model: "openai/nobody-knows-1" }), 200).body);
  expectStatus(await ask("f", {}, tiny.secret), 402);
  expectStatus(await ask("fail"), 503);
  await leaveStream(begun);
  return told;
}

/** What every place that tells the sum of the account's spending says, as decimal text. */
async function sumsToldBy({ server, owner, siti, userId, key: { key, secret } }: Begun) {
  const range = `from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`;
  const ask = async (visitor: Visitor, path: string) => expectStatus(await visitor.dashboard(path), 200).body;
  const headers = bearer((await managementKey(siti)).secret);
  const api = async (path: string, own = headers) =>
    expectStatus(await server.visitor().call(`/api/v1/${path}`, { headers: own }), 200).body.data;
  const usd = (dollars: number) => dollars.toFixed(9).replace(/\.?0+$/, "");
  const [overview, listed] = [await ask(siti, "/overview"), (await ask(siti, "/keys")).keys];
  const [budgets, instance] = [await ask(siti, "/budgets"), await ask(owner, "/budgets/instance")];
  const { accounts } = await ask(owner, "/budgets/accounts?q=siti%40");
  const statement = await ask(siti, "/statement");
  const { fromMs, toMs, total } = await ask(siti, `/usage?${range}`);
  const splits = await Promise.all(
    USAGE_DIMENSIONS.map(async (by) => {
      const { series } = await ask(siti, `/usage?${range}&by=${by}`);
      return [`usage by ${by}`, sumUsd(series.map((part: { total: string }) => part.total))];
    }),
  );
  const exported: Record<string, string>[] = parse(await ask(siti, `/activity.csv?from=${fromMs}&to=${toMs}`), {
    columns: true,
  });
  const told = await api("key", bearer(secret));
  return {
    dashboard: overview.total.spentUsd,
    "its days": sumUsd(overview.days.map((day: { spentUsd: string }) => day.spentUsd)),
    "its keys": sumUsd(overview.topKeys.map((top: { spentUsd: string }) => top.spentUsd)),
    activity: total.spentUsd,
    ...Object.fromEntries(splits),
    "exported requests": sumUsd(exported.map((row) => row.cost_usd ?? "")),
    "everybody's activity": (await ask(owner, `/administration/usage?${range}&account=${userId}`)).total.spentUsd,
    "list of keys": listed.find(({ id }: { id: string }) => id === key.id).spentUsd,
    "the key": (await ask(siti, `/keys/${key.id}`)).windowSpentUsd,
    "GET /key": usd(told.usage),
    "GET /key, this month": usd(told.usage_monthly),
    "GET /keys/{hash}": usd((await api(`keys/${key.hash}`)).usage_daily),
    "GET /credits": usd((await api("credits")).total_usage),
    "budget of the account": budgets.budgets[0].spentUsd,
    "credit of the account": budgets.credit.spentUsd,
    "budget of the instance": instance.budgets[0].spentUsd,
    "list of accounts": accounts[0].monthUsd,
    statement: usdString((parseUsd(BOUGHT_USD) ?? 0n) - (parseUsd(statement.balanceUsd) ?? 0n)),
    "its charges": sumUsd(
      statement.entries
        .filter(({ kind }: { kind: string }) => kind === "charge")
        .map(({ amountUsd }: { amountUsd: string }) => amountUsd.replace("-", "")),
    ),
  };
}

onEachEngine((servers) => {
  test("what a call costs is the same in its answer, its record and every sum, to the nano-dollar", async () => {
    const begun = await begin(servers);
    const told = await callInEveryWay(begun);
    const { server, siti, key } = begun;
    const rows: Row[] = await until(async () => {
      const { body } = await siti.dashboard("/activity?limit=100");
      return body.rows.length === told.size + 3 && body.rows;
    });
    let all: NanoUsd = 0n;
    for (const { id, costUsd } of rows) {
      const nano = costUsd === null ? null : (parseUsd(costUsd) ?? -1n);
      all += nano ?? 0n;
      if (told.has(id)) expect([id, told.get(id)]).toEqual([id, nano === null ? null : usdNumber(nano)]);
      expect((await siti.dashboard(`/activity/${id}`)).body.costUsd).toBe(costUsd);
      const asked = await server.visitor().call(`/api/v1/generation?id=${id}`, { headers: bearer(key.secret) });
      expect(asked.body.data).toMatchObject({
        total_cost: usdNumber(nano ?? 0n),
        usage: usdNumber(nano ?? 0n),
        is_cost_known: nano !== null,
      });
    }
    expect(rows.filter(({ costUsd }) => costUsd === "0")).toHaveLength(3);
    expect(rows.filter(({ costUsd }) => costUsd === null)).toHaveLength(1);
    expect(rows.filter(({ cancelled }) => cancelled).map(({ costUsd }) => costUsd)).not.toContain("0");
    const sums = await sumsToldBy(begun);
    expect(sums).toEqual(Object.fromEntries(Object.keys(sums).map((place) => [place, usdString(all)])));
  });
});
