/** S10 and S11: clients that do not read, and streams on which nothing happens. */
import { afterEach, expect, test } from "bun:test";
import { costOf, type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText } from "../support/fault-provider/answer.ts";
import { WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { hear, soundsWhole } from "../support/heard.ts";
import { until } from "../support/visitor.ts";

let gateway: FaultGateway;
afterEach(() => gateway.stop());

/** More than all that stands between a provider and a client that does not read can hold. */
const FLOOD = { tokens: 2_000, tokenBytes: 32_768 };

test("a provider that floods a client which does not read is paused; then the client is let go, and charged once for what was sent", async () => {
  const clients = 6;
  gateway = await startFaultGateway();
  const [provider] = gateway.providers;
  const sockets = await Promise.all(Array.from({ length: clients }, () => gateway.dial()));
  for (const socket of sockets) {
    socket.pause();
    socket.write(gateway.chatBytes({ stream: true, fault: FLOOD }));
  }
  const exchanges = await Promise.all(sockets.map(async () => provider!.next()));
  const sent = () => exchanges.reduce((sum, { truth }) => sum + truth.bodyBytes, 0);
  let looks: number[] = [];
  await until(async () => {
    looks = [...looks.slice(-20), sent()];
    return looks.length > 20 && new Set(looks).size === 1;
  });
  expect(exchanges.map(({ truth }) => [truth.isWhole, truth.ending])).toEqual(exchanges.map(() => [false, null]));
  expect(await gateway.rows()).toEqual([]);

  gateway.server.pass(60_000);
  await Promise.all(exchanges.map((exchange) => exchange.closed()));
  const rows = await gateway.rowsWhen(clients);
  expect(rows).toHaveLength(clients);
  for (const row of rows) {
    expect(row).toMatchObject({ status: 499, cancelled: 1, error_code: "client_too_slow", tokens_estimated: 1 });
    const truth = exchanges.find(({ truth }) => truth.id === row.upstream_id)?.truth;
    const tokensOfOne = FLOOD.tokenBytes / 4;
    expect(row.completion_tokens).toBeGreaterThan(0);
    expect(row.completion_tokens).toBeLessThanOrEqual(((truth?.tokens ?? 0) + 1) * tokensOfOne);
    expect(row.cost_nano).toBe(costOf(row.prompt_tokens, row.completion_tokens));
  }
  // What they had not read does not keep their connections.
  await Promise.all(
    sockets.map((socket) => {
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.resume();
      return closed;
    }),
  );
});

test("streams on which nothing happens hear a comment between two events, cost others nothing, and all of them end well", async () => {
  // Bun lets a test ask 256 times at once, and each of these is asked for twice. The benchmark has more.
  const idle = 100;
  gateway = await startFaultGateway();
  const [provider] = gateway.providers;
  const texts = Array.from({ length: idle }, () => "");
  const reading = texts.map(async (_, index) => {
    const answer = await gateway.chat({ stream: true, fault: { holdAfterTokens: 1 + (index % 5) } });
    const decoder = new TextDecoder();
    for await (const bytes of answer.body ?? []) texts[index] += decoder.decode(bytes, { stream: true });
  });
  const exchanges = await Promise.all(texts.map(async () => provider!.next()));
  await until(async () => texts.every((text) => text !== ""));
  gateway.server.pass(16_000);
  await until(async () => texts.every((text) => text.includes(": keep-alive\n\n")));
  // Wherever the comment came, what the client has is whole events.
  for (const text of texts) expect(hear(text).errors).toEqual([]);
  expect((await gateway.chat()).status).toBe(200);
  for (const exchange of exchanges) exchange.go();
  await Promise.all(reading);
  const heard = texts.map(hear);
  expect(heard.filter((one) => !soundsWhole(one) || one.text !== answerText(WHOLE_ANSWER))).toEqual([]);
  expect(await gateway.rowsWhen(idle + 1)).toHaveLength(idle + 1);
});
