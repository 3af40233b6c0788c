/** The failing provider is the truth that everything else here is held against, so it has to be one. */
import { afterEach, expect, test } from "bun:test";
import { PROMPT_TOKENS, startFaultProvider } from "../support/fault-provider/provider.ts";
import type { FaultScript } from "../support/fault-provider/script.ts";

let provider: ReturnType<typeof startFaultProvider>;
afterEach(() => provider.stop());

function ask(stream: boolean, fault: Partial<FaultScript>): Promise<Response> {
  return fetch(`${provider.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", stream }),
    headers: { "x-fault": JSON.stringify(fault) },
  });
}

test("it knows every byte and word that it has sent, and they are the same for the same seed", async () => {
  const texts: string[] = [];
  for (let round = 0; round < 2; round++) {
    provider?.stop();
    provider = startFaultProvider({ models: ["m"], seed: 7 });
    const text = await (await ask(true, { tokens: 5, lineEnd: "mixed", comments: true, dripBytes: 1 })).text();
    const exchange = await provider.next();
    expect(exchange.sent.toString("utf8")).toBe(text);
    expect(exchange.truth).toMatchObject({ tokens: 5, hasFinished: true, isWhole: true, promptTokens: PROMPT_TOKENS });
    texts.push(text.replaceAll(exchange.truth.id, ""));
  }
  expect(texts[0]).toBe(texts[1] ?? "");
});

test("cut at a byte, it has sent exactly that many, and only words that are whole", async () => {
  provider = startFaultProvider({ models: ["m"] });
  for (const cutAt of [0, 1, 200, 333]) {
    const answer = await ask(true, { framing: "close", cutAt });
    expect((await answer.arrayBuffer()).byteLength).toBe(cutAt);
    const { sent, text, truth } = await provider.next();
    expect(truth).toMatchObject({ bodyBytes: cutAt, isWhole: false, ending: { by: "provider" } });
    expect(sent.toString("utf8").match(/"content":"[^"]*"\},"finish_reason":null\}\]\}\n\n/g)?.length ?? 0).toBe(
      truth.tokens,
    );
    expect(text).toHaveLength(truth.tokens * 4);
  }
});

test("it says who ended an answer that was not over", async () => {
  provider = startFaultProvider({ models: ["m"] });
  const leaving = new AbortController();
  const answer = await fetch(`${provider.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", stream: true, fault: { holdAfterTokens: 2 } }),
    signal: leaving.signal,
  });
  const exchange = await provider.next();
  await exchange.sentTokens(2);
  leaving.abort();
  await exchange.closed();
  expect(answer.status).toBe(200);
  expect(exchange.truth).toMatchObject({ tokens: 2, isWhole: false, ending: { by: "client" } });
});
