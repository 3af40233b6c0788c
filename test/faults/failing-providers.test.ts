/** S4 and S6 to S9: stalls, stated waits, outages, tenants that misbehave, and what failed attempts cost. */
import { afterEach, expect, test } from "bun:test";
import { atOnce } from "../support/at-once.ts";
import { costOf, type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText } from "../support/fault-provider/answer.ts";
import { RETRY_AFTER_FORMS } from "../support/fault-provider/retry-after-forms.ts";
import { type FaultScript, WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { hear, soundsWhole } from "../support/heard.ts";
import { FORGIVEN_MS } from "../support/later.ts";

let gateway: FaultGateway;
afterEach(() => gateway.stop());

test("a provider that takes a request and says nothing is given up after its time, and the next one answers", async () => {
  gateway = await startFaultGateway({ providers: 2 });
  gateway.providers[0]!.script = { cutAt: "start", cutBy: "stall" };
  const asking = gateway.chat({ stream: true, provider: { order: ["p0", "p1"] } });
  const silent = await gateway.providers[0]!.next();
  gateway.server.pass(60_000);
  const answer = await asking;
  expect(hear(await answer.text()).text).toBe(answerText(WHOLE_ANSWER));
  await silent.closed();
  expect(silent.truth.ending?.by).toBe("client");
  const [row] = await gateway.rowsWhen(1);
  expect(JSON.parse(row?.attempts ?? "[]")).toMatchObject([{ provider: "p0" }, { provider: "p1", status: 200 }]);
});

test("a provider that falls silent in the middle is given up with an error behind its words, which are charged", async () => {
  gateway = await startFaultGateway();
  const answer = await gateway.chat({ stream: true, fault: { holdAfterTokens: 4 } });
  const exchange = await gateway.providers[0]!.next();
  await exchange.sentTokens(4);
  gateway.server.pass(130_000);
  const heard = hear(await answer.text());
  expect(heard).toMatchObject({ isDone: false, finishReason: "error", errors: [{ code: 504 }] });
  expect(heard.text).toBe(answerText({ ...WHOLE_ANSWER, tokens: 4 }));
  await exchange.closed();
  expect(await gateway.rowsWhen(1)).toMatchObject([{ error_code: "provider_timeout", completion_tokens: 4 }]);
});

test("however a provider states its wait, the client is told it, the provider is left alone until then, and asked after it", async () => {
  gateway = await startFaultGateway();
  const provider = gateway.providers[0]!;
  const wrong: unknown[] = [];
  for (const { title, headers, seconds } of RETRY_AFTER_FORMS) {
    const before = provider.exchanges.length;
    provider.script = { status: 429, headers: headers(Date.now()) };
    const told = Number((await gateway.chat()).headers.get("retry-after"));
    const expected = seconds ?? 5;
    const asked = provider.exchanges.length - before;
    const again = await gateway.chat();
    const askedAgain = provider.exchanges.length - before - asked;
    // A second may begin between the provider's word and the gateway's.
    const isRight = told >= expected - 1 && told <= expected + 1 && again.status === 429 && askedAgain === 0;
    if (!isRight) wrong.push({ title, told, expected, status: again.status, asked, askedAgain });
    provider.script = {};
    gateway.server.pass(FORGIVEN_MS);
    const after = await gateway.chat();
    if (after.status !== 200) wrong.push({ title, after: after.status });
  }
  expect(wrong).toEqual([]);
});

test("in a full outage no provider gets more than 1.2 calls for each call of a client", async () => {
  gateway = await startFaultGateway({ providers: 2 });
  for (const provider of gateway.providers) provider.script = { status: 500 };
  const calls = 100;
  const statuses = await atOnce(10, Array.from({ length: calls }), async () => {
    const answer = await gateway.chat();
    await answer.text();
    return answer.status;
  });
  expect(statuses.filter((status) => status < 500)).toEqual([]);
  for (const { exchanges } of gateway.providers) expect(exchanges.length).toBeLessThanOrEqual(1.2 * calls);
});

test("whatever one tenant sends or leaves, another sees no error", async () => {
  gateway = await startFaultGateway();
  const other = await gateway.server.visitor().join("budi@example.com");
  const { secret } = await other.createKey();
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  let isOver = false;
  const seen: number[] = [];
  const innocent = (async () => {
    while (!isOver) {
      const answer = await gateway.chat({ stream: true }, { headers });
      const isWhole = answer.status === 200 && soundsWhole(hear(await answer.text()));
      seen.push(isWhole ? 200 : answer.status);
    }
  })();
  await atOnce(8, Array.from({ length: 400 }), async (_, index) => {
    if (index % 2 === 0) return (await gateway.chat({ fault: { status: [400, 404, 413, 422][index % 4] } })).text();
    const leaving = new AbortController();
    const answer = await gateway.chat({ stream: true, fault: { holdAfterTokens: 1 } }, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    return "";
  });
  isOver = true;
  await innocent;
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.filter((status) => status !== 200)).toEqual([]);
});

const OUTCOMES: readonly Partial<FaultScript>[] = [{}, { status: 500 }, { cutAt: "start", cutBy: "rst" }];

test("charged is the attempt that answered, to the word; attempts that failed before it are recorded and cost nothing", async () => {
  gateway = await startFaultGateway({ providers: 3 });
  const mixes = OUTCOMES.flatMap((a) => OUTCOMES.flatMap((b) => OUTCOMES.map((c) => [a, b, c])));
  const wrong: unknown[] = [];
  for (const [index, mix] of mixes.entries()) {
    gateway.providers.forEach((provider, place) => {
      provider.script = { ...mix[place], tokens: 3 + 2 * place };
    });
    const answer = await gateway.chat({ stream: index % 2 === 0, provider: { order: ["p0", "p1", "p2"] } });
    await answer.text();
    const rows = await gateway.rowsWhen(index + 1);
    const row = rows.at(-1);
    const delivering = mix.findIndex((script) => Object.keys(script).length === 0);
    const truth = gateway.providers[delivering]?.exchanges.at(-1)?.truth;
    const expected = truth ? costOf(truth.promptTokens, truth.tokens) : 0n;
    const attempts = JSON.parse(row?.attempts ?? "[]") as { provider: string; status: number }[];
    const delivered = attempts.filter(({ status }) => status === 200).map(({ provider }) => provider);
    const isRight =
      rows.length === index + 1 &&
      row?.cost_nano === expected &&
      answer.status === (truth ? 200 : 502) &&
      delivered.join() === (truth ? `p${delivering}` : "");
    if (!isRight) wrong.push({ mix, status: answer.status, cost: row?.cost_nano, expected, attempts });
    gateway.server.pass(FORGIVEN_MS);
  }
  expect(wrong).toEqual([]);
});
