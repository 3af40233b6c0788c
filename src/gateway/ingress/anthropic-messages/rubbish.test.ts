import { expect, test } from "bun:test";
import fc from "fast-check";
import { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { messagesNative } from "../../providers/anthropic-messages/messages-dialect.ts";
import { writeMessagesRequest } from "../../providers/anthropic-messages/write-request.ts";
import { parseBody } from "../read-body.ts";
import { anthropicMessages } from "./dialect.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const source = { type: "base64", media_type: "image/png", data: "AAAA" };
const everything: JsonObject = {
  model: "m",
  max_tokens: 100,
  system: [{ type: "text", text: "S", cache_control: { type: "ephemeral", ttl: "5m" } }],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "T" },
        { type: "image", source },
        { type: "document", title: "D", source: { type: "text", media_type: "text/plain", data: "x" } },
        { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "x" }] },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "H", signature: "gapura1.W10" },
        { type: "redacted_thinking", data: "gapura1.e30.x" },
        { type: "tool_use", id: "a", name: "f", input: { a: [1] } },
      ],
    },
    {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "a", is_error: true, content: [{ type: "image", source }] }],
    },
  ],
  tools: [
    { name: "f", input_schema: { type: "object" }, strict: true },
    { type: "web_search_20250305", name: "w" },
  ],
  tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true },
  thinking: { type: "enabled", budget_tokens: 50 },
  output_config: { effort: "low", format: { type: "json_schema", schema: { type: "object", properties: { a: {} } } } },
  metadata: { user_id: "u" },
  stop_sequences: ["x"],
  fallbacks: [{ model: "n" }],
};

const RUBBISH: JsonValue[] = [
  null,
  7,
  -1,
  "",
  "x",
  "\ud800",
  true,
  [],
  {},
  [null],
  [[]],
  { type: 7 },
  { type: "text" },
];

/** Every place in a value, as the steps that lead there. */
function placesOf(value: JsonValue, path: string[] = []): string[][] {
  const entries = Array.isArray(value)
    ? value.map((one, at) => [String(at), one] as const)
    : Object.entries(isJsonObject(value) ? value : {});
  return [path, ...entries.flatMap(([name, one]) => placesOf(one, [...path, name]))];
}

function replaced(value: JsonValue, path: readonly string[], by: JsonValue): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((one, at) => (String(at) === step ? replaced(one, rest, by) : one));
  if (!isJsonObject(value)) return value;
  return { ...value, [step]: replaced(value[step] ?? null, rest, by) };
}

/** Sends a body through everything that reads it; anything but a refusal of ours escapes. */
function through(body: JsonValue): void {
  try {
    const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
    const parsed = parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 });
    const request = anthropicMessages.read(parsed, { exampleModel: "m", modelsUrl: "http://localhost" });
    expect(estimateTokens(parsed.value, "claude-opus-5")).toBeGreaterThan(0);
    messagesNative().edits(parsed.value, { upstreamModel: "claude-opus-5", streamed: false });
    const canonical = anthropicMessages.canonical?.read(request);
    if (!canonical) throw new Error("no canonical form");
    for (const upstreamModel of ["claude-haiku-4-5", "claude-opus-5-5"]) {
      JSON.stringify(writeMessagesRequest(canonical, { upstreamModel, streamed: true }, "Anthropic"));
    }
  } catch (error) {
    if (!(error instanceof GapuraError) || error.status >= 500) throw error;
  }
}

test("whatever is wrong in a request, it is refused with a 4xx or understood", () => {
  through(everything);
  const places = placesOf(everything);
  for (const place of places) for (const rubbish of RUBBISH) through(replaced(everything, place, rubbish));
  const change = fc.record({ place: fc.constantFrom(...places), by: fc.jsonValue() });
  fc.assert(
    fc.property(fc.array(change, { minLength: 2, maxLength: 4 }), (changes) => {
      through(changes.reduce((body: JsonValue, { place, by }) => replaced(body, place, by as JsonValue), everything));
    }),
    { numRuns: 500 },
  );
});
