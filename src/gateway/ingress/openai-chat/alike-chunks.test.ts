import { expect, spyOn, test } from "bun:test";
import { randomFrom } from "../../../../test/support/fuzz/random.ts";
import { ChatStream } from "./stream.ts";

const IDENTITY = {
  generationId: "gen-1",
  model: "openai/gpt-4o",
  provider: "OpenAI",
  createdSeconds: 1_800_000_000,
  requestId: "req-1",
};

interface More {
  choice?: object;
  [field: string]: unknown;
}

function chunk(delta: object, { choice = {}, ...more }: More = {}): string {
  const head = { id: "chatcmpl-9", object: "chat.completion.chunk", created: 1_799_999_999, model: "gpt-4o-2024" };
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }];
  return JSON.stringify({ ...head, system_fingerprint: "fp_1", choices, usage: null, ...more });
}

const OPENING = chunk({ role: "assistant", content: "" });
const CLOSING = chunk({}, { choice: { finish_reason: "stop" } });

/** All that a stream tells; a provider with a reader of its own for each stream is never given a mould. */
function told(events: readonly string[], isRead: boolean) {
  const stream = new ChatStream(IDENTITY, {
    edits: () => ({ set: new Map(), remove: new Set(), dropped: [] }),
    ...(isRead ? { chunkReader: () => (one) => one } : {}),
  });
  const steps = events.map((event) => stream.accept(event));
  const { textLength, mediaCount, usage, isComplete, finishReason, nativeFinishReason, upstreamId, serviceTier } =
    stream;
  const meters = { textLength, mediaCount, usage };
  return { steps, meters, isComplete, finishReason, nativeFinishReason, upstreamId, serviceTier };
}

const STORIES: Record<string, string[]> = {
  "plain words": ["Halo", " dunia", "", " apa", " kabar", "?"].map((content) => chunk({ content })),
  "characters of every length": ["é", "漢字", "😀", "e\u0301", "\u2028", "\u007f", "a"].map((content) =>
    chunk({ content }),
  ),
  "what needs an escape": ["a", "b", '"', "\\", "\n", "\t\u0001", "c", '"content":"x"', "d"].map((content) =>
    chunk({ content }),
  ),
  "escapes that none would need": ["x", "y"]
    .map((content) => chunk({ content }))
    .concat(chunk({ content: "q" }).replace("q", "\\u0041")),
  "noise that hides lengths": ["a", "bc", "d", "e"].map((content, index) =>
    chunk({ content }, { obfuscation: "x".repeat(index) }),
  ),
  "noise that stops": [
    chunk({ content: "a" }, { obfuscation: "p" }),
    chunk({ content: "b" }, { obfuscation: "qr" }),
    chunk({ content: "c" }),
    chunk({ content: "d" }),
  ],
  "text equal to the noise": ["p", "q", "r"].map((text) => chunk({ content: text }, { obfuscation: text })),
  "a role in every chunk": ["a", "b", "c"].map((content) => chunk({ role: "assistant", content })),
  "thoughts, then words": [
    chunk({ reasoning_content: "hm" }),
    chunk({ reasoning_content: "hm hm" }),
    ...["a", "b", "c"].map((content) => chunk({ content, reasoning_content: null })),
  ],
  "both at once": ["a", "b", "c"].map((content) => chunk({ content, reasoning_content: "hm" })),
  "calls of tools between words": [
    chunk({ content: "a" }),
    chunk({ content: "b" }),
    chunk({
      tool_calls: [{ index: 0, id: "call", type: "function", function: { name: "f", arguments: '{"content":"b"}' } }],
    }),
    chunk({ content: "c" }),
  ],
  "two answers in turns": [0, 1, 0, 1, 0, 1].map((index) => chunk({ content: "a" }, { choice: { index } })),
  "an event that is no chunk behind its like": [
    chunk({ content: "a" }),
    chunk({ content: "b" }),
    `${chunk({ content: "c" })}}`,
  ],
  "figures in every chunk": [1, 2, 3].map((completion_tokens) =>
    chunk({ content: "a" }, { usage: { prompt_tokens: 5, completion_tokens, total_tokens: 9 } }),
  ),
  "a fingerprint that changes": ["fp_1", "fp_1", "fp_2", "fp_2"].map((system_fingerprint) =>
    chunk({ content: "a" }, { system_fingerprint }),
  ),
  "a fingerprint that comes in a chunk without words": [
    chunk({ content: "a" }, { system_fingerprint: null }),
    chunk({ content: "b" }, { system_fingerprint: null }),
    chunk({}, { choices: [], system_fingerprint: "fp_2" }),
    chunk({ content: "c" }, { system_fingerprint: null }),
  ],
  "a member that stands twice, of which the last counts": ["a", "b", "c"].map((content) =>
    chunk({ content: "a" }).replace('"content":', `"content":"${content}","content": `),
  ),
  "a member that stands twice in two spellings": ["a", "b", "c"].map((content) =>
    chunk({ content: "a" }).replace('"content":', `"content":"${content}","cont\\u0065nt":`),
  ),
  "words in what is left out": ["a", "b", "c"].map((content) =>
    chunk({ content: "a" }, { provider: { content } }).replaceAll('"delta":{"content":', '"delta":{"content": '),
  ),
  "a text that is there twice": ["a", "a", "b"].map((content) => chunk({ content }, { note: { content } })),
};

test.each(Object.entries(STORIES))(
  "a frame from the mould is what reading the chunk would have made: %s",
  (_, events) => {
    const all = [OPENING, ...events, CLOSING];
    expect(told(all, false)).toEqual(told(all, true));
  },
);

test("chunks that differ in their text alone are not read", () => {
  const events = [OPENING, ...Array.from({ length: 40 }, (_, index) => chunk({ content: `word ${index}` }))];
  const parse = spyOn(JSON, "parse");
  try {
    told(events, false);
    expect(parse.mock.calls.length).toBe(2);
  } finally {
    parse.mockRestore();
  }
});

const HEAD = '{"id":"c9","object":"chat.completion.chunk","created":1799999999,"model":"m"';
/** One chunk of each server, with its text at the sign. */
const CHUNKS = [
  `${HEAD},"service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":"§"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"§"}`,
  `${HEAD},"choices":[{"index":0,"delta":{"role":"assistant","content":"§"},"finish_reason":null}]}`,
  `${HEAD},"choices":[{"index": 0, "delta": {"content": "§", "tool_calls": []}, "logprobs": null}]}`,
  `${HEAD},"choices":[{"delta":{"reasoning":null,"content":"§"},"native_finish_reason":null,"finish_reason":null}],"x_groq":{"id":"§"}}`,
];
const SAID = ["a", "hi", "", "é", "漢字", "\\n", '\\"', "\\u0041", "null", "content"];
const MEMBERS = [
  '"content":"§"',
  '"content": "§"',
  '"cont\\u0065nt":"§"',
  '"a\\"content":"§"',
  '"obfuscation":"§"',
  '"role":"tool"',
  '"refusal":"no"',
  '"reasoning_content":"hm"',
  '"system_fingerprint":"fp_2"',
  '"system_fingerprint":{"content":"§"}',
  '"service_tier":"flex"',
  '"id":{"content":"§"}',
  '"provider":{"content":"§"}',
  '"usage":[{"content":"§"}]',
  '"usage":{"prompt_tokens":7,"completion_tokens":9}',
  '"error":{"code":500,"message":"no"}',
  '"error":null',
  '"finish_reason":"stop"',
  '"choices":[]',
  '"delta":{"content":"§"}',
  '"index":1',
  '"created":5',
];

test("whatever a provider writes, a stream tells the same with moulds and without", () => {
  const random = randomFrom(7);
  const changed = (chunk: string) => {
    const at = random.whole(chunk.length);
    const [brace, place] = random.pick([...chunk.matchAll(/[{}]/g)].map((found) => [found[0], found.index] as const));
    const [inside, member] =
      brace === "{" ? [place + 1, `${random.pick(MEMBERS)},`] : [place, `,${random.pick(MEMBERS)}`];
    const withMember = chunk.slice(0, inside) + member + chunk.slice(inside);
    return random.pick([
      ...[withMember, withMember],
      chunk.slice(0, at) + random.pick([" ", "\\", '"', "}", ",", "0"]) + chunk.slice(at + 1),
      chunk.replace('"content":"', '"content": "'),
      `${HEAD},"choices":[],${random.pick(MEMBERS)}}`,
    ]);
  };
  for (let round = 0; round < 2_000; round++) {
    let chunk = random.pick(CHUNKS);
    const events: string[] = [];
    for (let count = 0; count < 12; count++) {
      const event = random.chance(0.3) ? changed(chunk) : chunk;
      // Now and then the chunk is changed for good, so that moulds are made of changed ones too.
      if (random.chance(0.5) && event.includes("{")) chunk = event;
      const same = random.chance(0.5) ? random.pick(SAID) : undefined;
      events.push(event.replaceAll("§", () => same ?? random.pick(SAID)));
    }
    expect({ events, told: told(events, false) }).toEqual({ events, told: told(events, true) });
  }
});
