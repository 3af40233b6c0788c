import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { createSandbox } from "./sandbox.ts";

const waits: number[] = [];
const clock = { nowMs: () => 1_764_000_000_900, monotonicMs: () => 0 };
const sandbox = createSandbox({ clock, wait: async (delayMs) => void waits.push(delayMs) });
const halo = [{ role: "user", content: "Halo, apa kabar?" }];

interface Completion {
  choices: {
    index: number;
    finish_reason: string;
    message: {
      content: string | null;
      reasoning?: string;
      tool_calls?: { id: string; function: { name: string; arguments: string } }[];
      images?: { image_url: { url: string } }[];
    };
  }[];
  usage: { prompt_tokens: number; completion_tokens: number; completion_tokens_details: { reasoning_tokens: number } };
  error?: { message: string; param: string | null };
}

function send(body: object, streamed = false, signal = new AbortController().signal): Promise<Response> {
  const bytes = new TextEncoder().encode(JSON.stringify({ model: "sandbox/chat", messages: halo, ...body }));
  return sandbox.send({
    upstreamModel: "sandbox/chat",
    body: bytes,
    streamed,
    credential: null,
    dialect: "openai-chat" as const,
    clientHeaders: new Headers(),
    signal,
  }) as Promise<Response>;
}

async function whole(body: object): Promise<Completion> {
  const answer = await send(body);
  return (await answer.json()) as Completion;
}

async function first(body: object): Promise<Completion["choices"][number]> {
  const answer = await whole(body);
  if (!answer.choices) throw new Error(JSON.stringify(answer));
  return answer.choices[0]!;
}

const said = (content: string) => ({ messages: [{ role: "user", content }] });

/** The chunks of a streamed answer, put together again. */
async function streamed(body: object) {
  const text = await (await send(body, true)).text();
  const events = text
    .split("\n\n")
    .filter(Boolean)
    .map((event) => event.slice(6));
  expect(events.pop()).toBe("[DONE]");
  const message = { content: "", reasoning: "", calls: new Map<number, string>(), finish: "", pieces: 0 };
  let usage: unknown;
  for (const event of events) {
    const chunk = JSON.parse(event);
    usage = chunk.usage ?? usage;
    const [choice] = chunk.choices;
    if (!choice) continue;
    if (choice.delta.content) message.pieces++;
    message.content += choice.delta.content ?? "";
    message.reasoning += choice.delta.reasoning ?? "";
    for (const call of choice.delta.tool_calls ?? []) {
      message.calls.set(call.index, (message.calls.get(call.index) ?? "") + (call.function.arguments ?? ""));
    }
    message.finish = choice.finish_reason ?? message.finish;
  }
  return { ...message, usage };
}

describe("an answer in words", () => {
  test("says in the user's language that it is the sandbox and that no model was asked", async () => {
    const [indonesian, english] = [await first({}), await first(said("Hello, how are you?"))];
    expect(indonesian.message.content).toContain("Ini sandbox Gapura");
    expect(indonesian.message.content).toContain("Halo, apa kabar?");
    expect(english.message.content).toContain("No language model was asked");
    expect(english.finish_reason).toBe("stop");
  });

  test("is the same, byte for byte, for the same request, and the same streamed", async () => {
    const body = { ...said("Explain gravity"), reasoning: { effort: "high" } };
    expect(await (await send(body)).text()).toBe(await (await send(body)).text());
    const [one, parts] = [await whole(body), await streamed(body)];
    expect([parts.content, parts.reasoning, parts.finish]).toEqual([
      one.choices[0]!.message.content ?? "",
      one.choices[0]!.message.reasoning ?? "",
      one.choices[0]!.finish_reason,
    ]);
    expect(parts.usage).toEqual(one.usage);
    expect(parts.pieces).toBeGreaterThan(10);
  });

  test("ends at the token limit with length, and before a stop sequence with stop", async () => {
    const limited = await whole({ max_tokens: 5 });
    expect([limited.choices[0]!.finish_reason, limited.usage.completion_tokens]).toEqual(["length", 5]);
    const stopped = await first({ ...said('[sandbox: text="one two three"]'), stop: [" two", "three"] });
    expect([stopped.message.content, stopped.finish_reason]).toEqual(["one", "stop"]);
  });

  test("has as many choices as were asked for, and counts them all", async () => {
    const [single, triple] = [await whole({}), await whole({ n: 3 })];
    expect(triple.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(triple.usage.completion_tokens).toBe(3 * single.usage.completion_tokens);
  });

  test("tells what was attached without opening it", async () => {
    const content = [
      { type: "text", text: "What is in these pictures?" },
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "file", file: { filename: "a.pdf" } },
    ];
    const { message } = await first({ messages: [{ role: "user", content }] });
    expect(message.content).toContain("2 images (by address, png as data), 1 file");
  });
});

test("every answer is stamped with the time it was made", async () => {
  expect(await whole({})).toMatchObject({ created: 1_764_000_000 });
  const [event = ""] = (await (await send({}, true)).text()).split("\n\n");
  expect(JSON.parse(event.slice(6))).toMatchObject({ object: "chat.completion.chunk", created: 1_764_000_000 });
});

test("a request in the name of another model is answered as what it is, with that name in the words", async () => {
  const { message } = await first({ model: "openai/gpt-3.5-turbo" });
  expect(message.content).toContain("Ini sandbox Gapura");
  expect(message.content).toContain("openai/gpt-3.5-turbo");
  expect((await first({})).message.content).not.toContain("sandbox/chat");
});

test("structured outputs validate, whole and streamed, and say who answers where they may", async () => {
  const schema = { type: "object", properties: { city: { enum: ["Bandung"] } }, required: ["city"] };
  const strict = { response_format: { type: "json_schema", json_schema: { name: "place", schema } } };
  expect((await first(strict)).message.content).toBe('{"city":"Bandung"}');
  expect((await streamed(strict)).content).toBe('{"city":"Bandung"}');
  const free = JSON.parse((await first({ response_format: { type: "json_object" } })).message.content ?? "");
  expect(free).toMatchObject({ sandbox: true, answer: expect.stringContaining("Ini sandbox Gapura") });
});

describe("reasoning", () => {
  test("is in both places that clients look at, keeps to its own limit, and takes one effort", async () => {
    const choice = await first({ reasoning: { max_tokens: 3 } });
    expect(choice.message).toMatchObject({
      reasoning_details: [{ type: "reasoning.text", text: choice.message.reasoning ?? "none" }],
    });
    const limited = await whole({ reasoning: { max_tokens: 3 } });
    expect(limited.usage.completion_tokens_details.reasoning_tokens).toBe(3);
    expect(limited.choices[0]!.finish_reason).toBe("stop");
    const torn = await send({ reasoning: { effort: "low" }, reasoning_effort: "high" });
    expect([torn.status, ((await torn.json()) as Completion).error?.param]).toEqual([400, "reasoning_effort"]);
  });

  test("appears when asked for, is counted, and can be hidden without being free", async () => {
    const [none, some, hidden] = [
      await whole({}),
      await whole({ reasoning_effort: "high" }),
      await whole({ reasoning: { effort: "high", exclude: true } }),
    ];
    expect(none.usage.completion_tokens_details.reasoning_tokens).toBe(0);
    expect(some.choices[0]!.message.reasoning).toContain("model penalaran");
    expect(some.usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(5);
    expect(hidden.choices[0]!.message.reasoning).toBeUndefined();
    expect(hidden.usage).toEqual(some.usage);
    expect((await first({ model: "sandbox/reasoning" })).message.reasoning).not.toBeUndefined();
  });
});

describe("tools", () => {
  const weather = {
    type: "function",
    function: {
      name: "get_weather",
      parameters: {
        type: "object",
        properties: { city: { type: "string", minLength: 6 }, days: { type: "integer", minimum: 3, maximum: 5 } },
        required: ["city", "days"],
        additionalProperties: false,
      },
    },
  };
  const clock = { type: "function", function: { name: "clock" } };
  const tools = [weather, clock];
  const names = async (body: object) => (await first(body)).message.tool_calls?.map((call) => call.function.name) ?? [];

  test("are called when mentioned, required, named or directed, and never when forbidden", async () => {
    expect(await names({ tools })).toEqual([]);
    expect(await names({ tools, ...said("Please get weather and the clock") })).toEqual(["get_weather", "clock"]);
    expect(await names({ tools, ...said("get weather, clock"), parallel_tool_calls: false })).toEqual(["get_weather"]);
    expect(await names({ tools, tool_choice: "required" })).toEqual(["get_weather"]);
    expect(await names({ tools, tool_choice: { type: "function", function: { name: "clock" } } })).toEqual(["clock"]);
    expect(await names({ tools, ...said("[sandbox: tool=clock]") })).toEqual(["clock"]);
    expect(await names({ tools, tool_choice: "none", ...said("get weather") })).toEqual([]);
  });

  test("get arguments that their schema accepts, the same whole and streamed", async () => {
    const body = { tools, tool_choice: "required" };
    const choice = await first(body);
    const [call] = choice.message.tool_calls ?? [];
    z.strictObject({ city: z.string().min(6), days: z.int().min(3).max(5) }).parse(
      JSON.parse(call?.function.arguments ?? ""),
    );
    expect([choice.finish_reason, choice.message.content]).toEqual(["tool_calls", null]);
    const parts = await streamed(body);
    expect([parts.calls.get(0), parts.finish]).toEqual([call?.function.arguments, "tool_calls"]);
  });

  test("have ids of their own in every turn, and the same ones for the same request", async () => {
    const idsAfter = async (messages: object[]) =>
      (await first({ tools, tool_choice: "required", messages })).message.tool_calls?.map((call) => call.id);
    expect(await idsAfter(halo)).toEqual(await idsAfter(halo));
    expect(await idsAfter([...halo, ...halo])).not.toEqual(await idsAfter(halo));
  });

  test("are answered in words once their result is there", async () => {
    const called = (await first({ tools, tool_choice: "required" })).message;
    const result = { role: "tool", tool_call_id: called.tool_calls?.[0]?.id, content: "31 derajat, cerah" };
    const { message } = await first({ tools, messages: [...halo, { role: "assistant", ...called }, result] });
    expect(message.content).toContain("31 derajat, cerah");
  });
});

describe("pictures", () => {
  test("a picture is a PNG that follows from the words", async () => {
    const picture = async (text: string) =>
      (await first({ ...said(text), modalities: ["image", "text"] })).message.images?.[0]?.image_url.url ?? "";
    expect(await picture("a red fox")).toBe(await picture("a red fox"));
    expect(await picture("a red fox")).not.toBe(await picture("a blue heron"));
    const bytes = Buffer.from((await picture("a red fox")).split(",")[1] ?? "", "base64");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(await decodedPixels(bytes)).toHaveLength(16 * (1 + 16 * 3));
  });
});

describe("directives", () => {
  test("bring errors with status, words and Retry-After, from the message or from the body", async () => {
    const asked = await send(said('[sandbox: status=429 retry_after=7 message="too fast"]'));
    expect([asked.status, asked.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await asked.json()).toMatchObject({ error: { message: "too fast", type: "rate_limit_error" } });
    expect((await send({ sandbox: { status: 503 } })).status).toBe(503);
  });

  test("bring delays, lengths, endings and texts", async () => {
    waits.length = 0;
    await (await send(said("[sandbox: delay=2s first_token=300ms token_delay=5 chunks=3]"), true)).text();
    expect(waits.slice(0, 4)).toEqual([2000, 300, 5, 5]);
    const long = await streamed(said("[sandbox: chunks=200]"));
    expect([long.pieces, long.content.split(" ").length]).toEqual([200, 200]);
    expect((await first(said("[sandbox: finish=content_filter]"))).finish_reason).toBe("content_filter");
    expect((await first(said('[sandbox: text="Baik \\"sekali\\""]'))).message.content).toBe('Baik "sekali"');
  });

  test("break a stream off, and a whole answer so that nobody can read it as whole", async () => {
    const stream = await send(said("[sandbox: break_after=3]"), true);
    await expect(stream.text()).rejects.toThrow("break off");
    const half = await (await send(said("[sandbox: break_after=0]"))).text();
    expect(() => JSON.parse(half)).toThrow();
  });

  test("that are wrong are refused with what was wrong and what there is", async () => {
    for (const [text, about] of [
      ["[sandbox: speed=9]", "speed"],
      ["[sandbox: status=200]", "400 to 599"],
      ["[sandbox: delay=2h]", "duration"],
      ["[sandbox: status]", "cannot be read"],
      ["[sandbox: retry_after=3]", "add status"],
      ["[sandbox: tool=nobody]", "not declared"],
    ] as const) {
      const answer = await send(said(text));
      expect([text, answer.status]).toEqual([text, 400]);
      expect(((await answer.json()) as Completion).error?.message).toContain(about);
    }
  });

  test("a reader that lets go of a stream ends its waiting", async () => {
    const ended = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const patient = createSandbox({
      clock,
      wait: (_, signal) => {
        signal.addEventListener("abort", () => ended.resolve());
        begun.resolve();
        return ended.promise;
      },
    });
    const body = new TextEncoder().encode(JSON.stringify({ model: "m", ...said("[sandbox: first_token=60s]") }));
    const { signal } = new AbortController();
    const answer = await patient.send({
      upstreamModel: "",
      body,
      streamed: true,
      credential: null,
      dialect: "openai-chat" as const,
      clientHeaders: new Headers(),
      signal,
    });
    const reader = answer.body?.getReader();
    const read = reader?.read();
    await begun.promise;
    await reader?.cancel();
    await ended.promise;
    expect(await read).toMatchObject({ done: true });
  });

  test("a stream is made at the pace of its reader, and lets others have their turn", async () => {
    const answer = await send(said("[sandbox: chunks=100000]"), true);
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    for await (const part of answer.body ?? []) expect(part.length).toBeLessThan(300);
    clearInterval(others);
    expect(turns).toBeGreaterThan(10);
  });

  test("a caller that leaves ends the waiting", async () => {
    const leaving = new AbortController();
    const real = createSandbox();
    const body = new TextEncoder().encode(JSON.stringify({ model: "sandbox/chat", ...said("[sandbox: delay=60s]") }));
    const answer = real.send({
      upstreamModel: "",
      body,
      streamed: false,
      credential: null,
      dialect: "openai-chat" as const,
      clientHeaders: new Headers(),
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(answer).rejects.toMatchObject({ kind: "aborted" });
  });
});

test("a request that makes no sense is refused with the name of the field", async () => {
  for (const [body, param] of [
    [{ messages: [] }, "messages"],
    [{ messages: [{ role: "king", content: "x" }] }, "messages[0].role"],
    [{ max_tokens: 0 }, "max_tokens"],
    [{ n: 99 }, "n"],
    [said("word ".repeat(130_000)), "messages"],
    [{ tool_choice: "required" }, "tool_choice"],
    [{ response_format: { type: "poem" } }, "response_format.type"],
  ] as const) {
    const answer = await send(body);
    expect([param, answer.status, ((await answer.json()) as Completion).error?.param]).toEqual([param, 400, param]);
  }
});

async function decodedPixels(png: Buffer): Promise<Uint8Array> {
  const at = png.indexOf("IDAT");
  const data = png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  const { inflateSync } = await import("node:zlib");
  return inflateSync(data);
}
