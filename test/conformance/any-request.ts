/** Canonical requests of every shape that a client can ask for, for properties over the dialects that write them. */
import fc from "fast-check";
import type { ReasoningDetail } from "../../src/gateway/canonical/events.ts";
import {
  type AssistantPart,
  type CanonicalRequest,
  type ContentPart,
  type Message,
  NO_SAMPLING,
} from "../../src/gateway/canonical/request.ts";
import { canonicalRequest } from "../support/canonical.ts";

/** What a dialect can be asked, where that differs. */
export interface Scope {
  /** Formats of thoughts that the server can read. */
  formats: readonly (string | null)[];
  /** False for a dialect that has only text, pictures and files. */
  hears: boolean;
  names: boolean;
  /** How closely pictures are looked at; null for a dialect that has no word for it. */
  detail: string | null;
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const text = fc.oneof(word, fc.constantFrom("Halo, apa kabar?", 'kutip " \\ 🌋', "ꦱꦸꦒꦼꦁ\nꦲꦺꦚ꧀ꦗꦁ", "{}"));
const base64 = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const mark = maybe(fc.constantFrom({ ttl: null }, { ttl: "1h" as const }, { ttl: "5m" as const }));
const flag = maybe(fc.boolean());
const object = fc.dictionary(word, fc.oneof(word, fc.integer()), { maxKeys: 3 });
const schema = object.map((properties) => ({
  type: "object",
  description: Object.keys(properties).join(),
  properties: {},
  additionalProperties: false,
}));
const url = word.map((name) => ({ kind: "url" as const, url: `https://example.com/${name}.png` }));
const inline = (mediaType: string) => base64.map((data) => ({ kind: "base64" as const, mediaType, data }));

function contentPart({ hears, detail }: Scope): fc.Arbitrary<ContentPart> {
  const seen: fc.Arbitrary<ContentPart>[] = [
    fc.record({ kind: fc.constant("text" as const), text, cache: mark }),
    fc.record({
      kind: fc.constant("image" as const),
      source: fc.oneof(url, inline("image/png")),
      detail: fc.constant(detail),
      cache: mark,
    }),
    fc.record({
      kind: fc.constant("file" as const),
      source: inline("application/pdf"),
      filename: word.map((name) => `${name}.pdf`),
      cache: mark,
    }),
  ];
  const heard: fc.Arbitrary<ContentPart>[] = [
    fc.record({ kind: fc.constant("audio" as const), data: base64, format: fc.constant("wav"), cache: mark }),
    fc.record({ kind: fc.constant("video" as const), source: inline("video/mp4"), cache: mark }),
  ];
  return fc.oneof(...seen, ...(hears ? heard : []));
}

function thought({ formats }: Scope): fc.Arbitrary<ReasoningDetail> {
  const format = fc.constantFrom(...formats);
  return fc.oneof(
    fc.record({ kind: fc.constant("text" as const), text, signature: word, id: fc.constant(null), format }),
    fc.record({ kind: fc.constant("encrypted" as const), data: base64, id: fc.constant(null), format }),
  );
}

/** What the model said, and the results of what it called: thoughts, words and calls in the one order of all dialects. */
function turn(scope: Scope): fc.Arbitrary<Message[]> {
  const call = fc.record({ name: word, input: object, result: text, isError: fc.boolean(), cache: mark });
  const speaker = scope.names ? maybe(word) : fc.constant(null);
  return fc
    .tuple(
      fc.array(thought(scope), { maxLength: 2 }),
      text,
      fc.array(call, { maxLength: 3 }),
      fc.tuple(speaker, fc.nat()),
    )
    .map(([thoughts, said, calls, [name, number]]) => {
      const parts: AssistantPart[] = [
        ...thoughts.map((detail) => ({ kind: "reasoning" as const, detail })),
        { kind: "text", text: said, cache: null },
        ...calls.map(({ name: tool, input, cache }, index) => ({
          ...{
            kind: "tool-call" as const,
            id: `call_${number}_${index}`,
            name: tool,
            arguments: JSON.stringify(input),
          },
          cache,
        })),
      ];
      const results = calls.map(({ result, isError, cache }, index): Message => {
        const shown: ContentPart[] = [{ kind: "text", text: result, cache: null }];
        return { role: "tool", toolCallId: `call_${number}_${index}`, parts: shown, isError, cache };
      });
      return [{ role: "assistant", parts, name }, ...results];
    });
}

function messages(scope: Scope): fc.Arbitrary<Message[]> {
  const name = scope.names ? maybe(word) : fc.constant(null);
  const asked = fc
    .record({ parts: fc.array(contentPart(scope), { minLength: 1, maxLength: 3 }), name })
    .map((said): Message => ({ role: "user", ...said }));
  const instructions = fc.array(
    text.map((said): Message => ({ role: "system", name: null, parts: [{ kind: "text", text: said, cache: null }] })),
    { maxLength: 1 },
  );
  const talk = fc.array(
    fc.tuple(asked, turn(scope)).map(([first, rest]) => [first, ...rest]),
    { maxLength: 2 },
  );
  return fc.tuple(instructions, talk, asked).map(([first, turns, last]) => [...first, ...turns.flat(), last]);
}

const tool = fc.record({
  kind: fc.constant("function" as const),
  name: word,
  description: maybe(text),
  parameters: schema,
  strict: fc.boolean(),
  cache: mark,
});
const choice = fc.oneof(
  fc.record({ kind: fc.constantFrom("auto" as const, "none" as const, "required" as const) }),
  fc.record({ kind: fc.constant("function" as const), name: word }),
);
const format = fc.oneof(
  fc.record({ kind: fc.constantFrom("json" as const, "text" as const) }),
  fc.record({ kind: fc.constant("schema" as const), name: word, description: maybe(text), schema, strict: flag }),
);
const share = fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10);
const sampling = fc
  .record({
    temperature: maybe(share),
    topP: maybe(share),
    topK: maybe(fc.integer({ min: 1, max: 50 })),
    minP: maybe(share),
    topA: maybe(share),
    frequencyPenalty: maybe(share),
    presencePenalty: maybe(share),
    repetitionPenalty: maybe(share),
    seed: maybe(fc.nat(1_000)),
    logitBias: maybe(fc.constant({ "50256": -100 })),
    logprobs: maybe(fc.constant(true)),
    topLogprobs: maybe(fc.nat(20)),
  })
  .map((chosen) => ({ ...chosen, topLogprobs: chosen.logprobs === true ? chosen.topLogprobs : null }));
const wish = fc.record({
  enabled: fc.constant(null),
  effort: maybe(fc.constantFrom("low" as const, "medium" as const, "high" as const)),
  maxTokens: fc.constant(null),
  exclude: fc.constant(null),
  summary: fc.constant(null),
});

/** Any request within the scope. */
export function anyRequest(scope: Scope): fc.Arbitrary<CanonicalRequest> {
  const rest = fc.record(
    {
      parallelToolCalls: flag,
      responseFormat: maybe(format),
      reasoning: maybe(wish.filter(({ effort }) => effort !== null)),
      sampling: fc.oneof(fc.constant(NO_SAMPLING), sampling),
      maxOutputTokens: maybe(fc.integer({ min: 4_096, max: 30_000 })),
      stop: fc.array(word, { maxLength: 2 }),
      modalities: fc.constantFrom<string[]>([], ["text"], ["text", "image"]),
      audio: maybe(fc.constant({ voice: "alloy", format: "wav" })),
      imageConfig: maybe(fc.constant({ aspect_ratio: "16:9" })),
      prediction: maybe(fc.constant({ type: "content", content: "Halo" })),
      verbosity: maybe(fc.constantFrom("low", "high")),
      serviceTier: maybe(fc.constantFrom("auto", "flex")),
      user: maybe(word),
      metadata: maybe(fc.constant({ order: "7" })),
      promptCacheKey: maybe(word),
      cache: mark,
      streamed: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const tools = fc.oneof(
    fc.constant({}),
    fc.record({ tools: fc.array(tool, { minLength: 1, maxLength: 2 }), toolChoice: maybe(choice) }),
  );
  return fc
    .tuple(messages(scope), rest, tools)
    .map(([said, others, offered]) =>
      canonicalRequest({ ...others, ...offered, messages: said } as Partial<CanonicalRequest>),
    );
}
