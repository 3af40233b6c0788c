import { afterEach, describe, expect, test } from "bun:test";
import type { Completion } from "openai/resources/completions";
import {
  completion as chatCompletion,
  eventStream,
  type Harness,
  made,
  startDataPlane,
} from "../../../../test/support/data-plane.ts";
import type { CanonicalEvent } from "../../canonical/events.ts";
import { estimateUsage } from "../../metering/usage.ts";
import { parseBody } from "../read-body.ts";
import { openAiCompletions } from "./dialect.ts";

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
const completion: Completion = {
  id: "cmpl-1",
  object: "text_completion",
  created: 1_700_000_000,
  model: "m",
  choices: [{ index: 0, text: " dunia", finish_reason: "stop", logprobs: null }],
  usage,
};
const piece = (text: string, finish_reason: string | null = null, index = 0) => ({
  ...completion,
  choices: [{ index, text, finish_reason, logprobs: null }],
  usage: null,
});
const sse = (...chunks: object[]) => chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("");

interface Asked {
  path: string;
  body: Record<string, unknown>;
}
async function start(answer: () => Response): Promise<{ asked: Asked[]; ask: typeof post }> {
  const asked: Asked[] = [];
  harness = await startDataPlane((request, body) => {
    asked.push({ path: new URL(request.url).pathname, body: JSON.parse(body) });
    return answer();
  });
  return { asked, ask: post };
}
function post(body: object, path = "completions"): Promise<Response> {
  const headers = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
  const url = harness?.url.replace("chat/completions", path) ?? "";
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ model: "acme/m", ...body }) });
}
const chunksOf = async (answer: Response) =>
  (await answer.text())
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => (frame === "data: [DONE]" ? "[DONE]" : JSON.parse(frame.slice("data: ".length))));

describe("a server of the dialect", () => {
  test("gets the body as it came, and its answer gets this generation's id and cost", async () => {
    const { asked, ask } = await start(() => Response.json(completion));
    const body = { prompt: ["Halo", "Hai"], n: 2, suffix: "!", logprobs: 3, best_of: 4, weird: [1], provider: {} };
    const answer = await ask(body);
    const { provider, ...sent } = body;
    expect(provider).toEqual({});
    expect(asked).toEqual([{ path: "/v1/completions", body: { model: "acme/m", ...sent } }]);
    expect(await answer.json()).toMatchObject({
      id: expect.stringMatching(/^gen-/),
      object: "text_completion",
      created: 1_700_000_000,
      model: "acme/m",
      provider: "P0",
      choices: [{ text: " dunia", index: 0, finish_reason: "stop", native_finish_reason: "stop" }],
      usage: { ...usage, cost: null },
    });
    expect(harness?.kept[0]).toMatchObject({ apiType: "completions", upstreamId: "cmpl-1", completionTokens: 3 });
  });

  test("streams several choices, then one usage and one [DONE]", async () => {
    const text = sse(piece(" du"), piece(" ra", null, 1), piece("nia", "length"), piece("ya", "stop", 1));
    const end = `${sse({ ...completion, choices: [] })}data: [DONE]\n\n`;
    const { asked, ask } = await start(() => new Response(text + end, eventStream));
    const chunks = await chunksOf(await ask({ prompt: [[1, 2, 3]], n: 2, stream: true }));
    expect(asked[0]?.body.stream_options).toEqual({ include_usage: true });
    expect(chunks.slice(0, -2).map(({ choices: [one] }) => [one.index, one.text, one.finish_reason])).toEqual([
      [0, " du", null],
      [1, " ra", null],
      [0, "nia", "length"],
      [1, "ya", "stop"],
    ]);
    expect(chunks.at(-2)).toMatchObject({ choices: [], usage: { ...usage, cost: null } });
    expect(chunks.at(-1)).toBe("[DONE]");
    expect(chunks.filter((one) => one.usage)).toHaveLength(1);
  });

  test("that breaks off in the middle gives an error, and no [DONE]", async () => {
    const { ask } = await start(() => new Response(sse(piece(" du")), eventStream));
    const chunks = await chunksOf(await ask({ prompt: "Halo", stream: true }));
    expect(chunks.at(-1)).toMatchObject({
      object: "text_completion",
      error: { code: 502 },
      choices: [{ text: "", finish_reason: "error" }],
    });
    expect(chunks).not.toContain("[DONE]");
  });

  test("that answers with something else is an error, not passed on", async () => {
    const { ask } = await start(() => Response.json(chatCompletion));
    expect((await ask({ prompt: "Halo" })).status).toBe(502);
  });

  test("is asked by the chat address too, where a plain prompt stands instead of messages", async () => {
    const { asked, ask } = await start(() => Response.json(completion));
    const answer = await ask({ prompt: "Halo" }, "chat/completions");
    expect(await answer.json()).toMatchObject({ object: "text_completion", choices: [{ text: " dunia" }] });
    expect(asked[0]?.path).toBe("/v1/completions");
    expect(harness?.kept[0]?.apiType).toBe("completions");
  });
});

test("a prompt that is none is refused with what to send", async () => {
  const { ask, asked } = await start(() => Response.json(completion));
  for (const [prompt, message] of [
    [undefined, "prompt: is missing"],
    [7, "prompt: must be a text"],
    [[], "prompt: must hold at least one text"],
    [["a", {}], "prompt[1]: must be a text"],
  ] as const) {
    const answer = await ask({ prompt });
    expect([answer.status, ((await answer.json()) as { error: Error }).error.message]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  }
  expect(asked).toEqual([]);
});

describe("for providers of other dialects", () => {
  const { canonical } = openAiCompletions;
  if (!canonical) throw new Error("it translates");
  const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
  const identity = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };
  const billed = { usage: estimateUsage(40, 80), charge: { costNano: null, priceVersion: null } };
  const read = (body: object) => {
    const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify({ model: "m", ...body })));
    return openAiCompletions.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints);
  };
  const token = (text: string) => ({
    token: text,
    logprob: -0.5,
    bytes: null,
    top_logprobs: [{ token: "x", logprob: -1 }],
  });
  const events: CanonicalEvent[] = [
    { kind: "start", upstreamId: null, createdSeconds: 5, fingerprint: null },
    { kind: "reasoning", detail: { kind: "text", text: "Hm", signature: null, id: null, format: null } },
    { kind: "text", text: " du" },
    { kind: "logprobs", logprobs: { content: [token(" du")] } },
    { kind: "text", text: "nia" },
    { kind: "logprobs", logprobs: { content: [token("nia")] } },
    { kind: "finish", reason: "length", native: "max", stopSequence: null },
  ];

  test("the prompt is one message of the user, and what only this dialect knows is named", () => {
    const request = canonical.read(
      read({ prompt: ["Halo"], max_tokens: 5, logprobs: 2, stop: "END", n: 1, best_of: 3, suffix: "!", seed: 7 }),
    );
    expect(request).toMatchObject({
      messages: [{ role: "user", parts: [{ kind: "text", text: "Halo" }] }],
      maxOutputTokens: 5,
      sampling: { logprobs: true, topLogprobs: 2, seed: 7 },
      stop: ["END"],
      extras: { best_of: 3, suffix: "!" },
    });
    expect(Object.keys(request.extras)).toHaveLength(2);
  });

  test("several prompts, and token numbers, are refused with what to do", () => {
    expect(() => canonical.read(read({ prompt: ["a", "b"] }))).toThrow("send a request for each");
    expect(() => canonical.read(read({ prompt: [1, 2] }))).toThrow("send the text");
  });

  test("a whole answer repeats the prompt where asked, and has log probabilities in the old form", () => {
    const answer = canonical.answer(events, { identity, request: read({ prompt: "Halo", echo: true }), billed });
    expect(answer).toMatchObject({
      object: "text_completion",
      created: 5,
      choices: [
        {
          text: "Halo dunia",
          reasoning: "Hm",
          finish_reason: "length",
          native_finish_reason: "max",
          logprobs: {
            tokens: [" du", "nia"],
            token_logprobs: [-0.5, -0.5],
            top_logprobs: [{ x: -1 }, { x: -1 }],
            text_offset: [4, 7],
          },
        },
      ],
    });
  });

  test("a stream says the same as a whole answer", () => {
    const request = read({ prompt: "Halo", echo: true });
    const writer = canonical.writer(identity, request);
    const text = events.map((event) => writer.write(event)).join("") + writer.end(billed);
    const chunks = text
      .split("\n\n")
      .filter((frame) => frame.startsWith("data: {"))
      .map((frame) => JSON.parse(frame.slice(6)));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    const [whole] = (canonical.answer(events, { identity, request, billed }) as unknown as Completion).choices;
    expect(choices.map((choice) => choice.text).join("")).toBe(whole?.text ?? "");
    expect(choices.flatMap((choice) => choice.logprobs?.text_offset ?? [])).toEqual(whole?.logprobs?.text_offset ?? []);
    expect(choices.map((choice) => choice.finish_reason).filter(Boolean)).toEqual(["length"]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 20 } });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });
});
