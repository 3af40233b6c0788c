import { describe, expect, test } from "bun:test";
import type { Content, GenerationConfig, ThinkingConfig, Tool, ToolConfig } from "@google/genai";
import { canonicalRequest, wish } from "../../../../test/support/canonical.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { AssistantPart, CanonicalRequest, Message } from "../../canonical/request.ts";
import { geminiSchema } from "./schema.ts";
import { writeGeminiRequest } from "./write-request.ts";

/** The body as Google's own types have it. */
interface Body {
  systemInstruction?: Content;
  contents: Content[];
  tools?: Tool[];
  toolConfig?: ToolConfig;
  generationConfig?: GenerationConfig;
}

function written(request: Partial<CanonicalRequest>, model = "gemini-3.5-flash", takesServiceTier = true) {
  const target = { upstreamModel: model, streamed: false };
  const { body, dropped } = writeGeminiRequest(canonicalRequest(request), target, { takesServiceTier });
  return { body: body as unknown as Body & { serviceTier?: string }, dropped };
}

const text = (words: string) => ({ kind: "text" as const, text: words, cache: null });
const user = (...words: string[]): Message => ({ role: "user", name: null, parts: words.map(text) });
const assistant = (...parts: AssistantPart[]): Message => ({ role: "assistant", name: null, parts });
const call = (id: string, args = "{}"): AssistantPart => ({
  kind: "tool-call",
  id,
  name: `f_${id}`,
  arguments: args,
  cache: null,
});
const result = (toolCallId: string, words: string, isError = false): Message => ({
  role: "tool",
  toolCallId,
  parts: [text(words)],
  isError,
  cache: null,
});
const signature = (id: string | null, format = "google-gemini-v1"): AssistantPart => ({
  kind: "reasoning",
  detail: { kind: "encrypted", data: `sig_${id}`, id, format },
});

describe("messages", () => {
  test("instructions stand apart, and turns of one side are joined", () => {
    const messages: Message[] = [
      { role: "system", name: null, parts: [text("One.")] },
      user("a"),
      user("b"),
      { role: "developer", name: null, parts: [text("Two.")] },
      assistant(text("c")),
      assistant(text("d")),
    ];
    const expected: Body = {
      systemInstruction: { parts: [{ text: "One." }, { text: "Two." }] },
      contents: [
        { role: "user", parts: [{ text: "a" }, { text: "b" }] },
        { role: "model", parts: [{ text: "c" }, { text: "d" }] },
      ],
    };
    expect(written({ messages }).body).toEqual(expected);
  });

  test("results of calls at once come together, errors as errors, each with the name of its function", () => {
    const messages = [
      user("x"),
      assistant(signature("1"), call("1"), call("2")),
      result("1", "ok"),
      result("2", "no", true),
    ];
    const expected: Content[] = [
      { role: "user", parts: [{ text: "x" }] },
      {
        role: "model",
        parts: [
          { functionCall: { id: "1", name: "f_1", args: {} }, thoughtSignature: "sig_1" },
          { functionCall: { id: "2", name: "f_2", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "1", name: "f_1", response: { output: "ok" } } },
          { functionResponse: { id: "2", name: "f_2", response: { error: "no" } } },
        ],
      },
    ];
    expect(written({ messages }).body.contents).toEqual(expected);
  });

  test("a call that another maker's model made bears Google's stand-in for a signature, where one is needed", () => {
    const messages = [user("x"), assistant(signature("1", "anthropic-claude-v1"), call("1"), call("2"))];
    const parts = (model: string) =>
      written({ messages }, model).body.contents[1]?.parts?.map((part) => part.thoughtSignature);
    expect(parts("gemini-3.1-pro-preview")).toEqual(["skip_thought_signature_validator", undefined]);
    expect(parts("gemini-2.5-pro")).toEqual([undefined, undefined]);
    expect(written({ messages }).dropped).toEqual(["reasoning_details"]);
  });

  test("signatures of words and of pictures go back on the last words and on their picture", () => {
    const picture: AssistantPart = { kind: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" } };
    const said = [signature(null), signature("image_1"), text("a"), text("b"), picture, picture];
    const parts = written({ messages: [user("x"), assistant(...said)] }).body.contents[1]?.parts;
    expect(parts?.map((part) => part.thoughtSignature)).toEqual([undefined, "sig_null", undefined, "sig_image_1"]);
  });

  test("a picture from a tool stands in its result where the model can read it there, else beside it", () => {
    const shown: Message = {
      ...(result("1", "see") as Extract<Message, { role: "tool" }>),
      parts: [
        { kind: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" }, detail: null, cache: null },
      ],
    };
    const messages = [user("x"), assistant(call("1")), shown];
    const picture = { inlineData: { mimeType: "image/png", data: "AAAA" } };
    expect(written({ messages }).body.contents[2]?.parts?.[0]?.functionResponse?.parts).toEqual([picture]);
    expect(written({ messages }, "gemini-2.5-flash").body.contents[2]?.parts?.[1]).toEqual(picture);
  });

  test("media go as bytes or as their address, with the type that the name tells", () => {
    const message: Message = {
      role: "user",
      name: null,
      parts: [
        { kind: "image", source: { kind: "url", url: "https://example.com/a.webp?x=1" }, detail: null, cache: null },
        { kind: "video", source: { kind: "url", url: "https://www.youtube.com/watch?v=invented" }, cache: null },
        {
          kind: "file",
          source: { kind: "id", id: "https://example.com/v1beta/files/1" },
          filename: "a.csv",
          cache: null,
        },
        { kind: "audio", data: "BBBB", format: "mp3", cache: null },
      ],
    };
    expect(written({ messages: [message] }).body.contents[0]?.parts).toEqual([
      { fileData: { fileUri: "https://example.com/a.webp?x=1", mimeType: "image/webp" } },
      { fileData: { fileUri: "https://www.youtube.com/watch?v=invented", mimeType: "video/mp4" } },
      { fileData: { fileUri: "https://example.com/v1beta/files/1", mimeType: "text/csv" } },
      { inlineData: { mimeType: "audio/mp3", data: "BBBB" } },
    ]);
  });

  test("instructions alone are asked as a question", () => {
    const messages: Message[] = [{ role: "system", name: null, parts: [text("Greet me.")] }];
    expect(written({ messages }).body).toEqual({ contents: [{ role: "user", parts: [{ text: "Greet me." }] }] });
  });

  test("arguments and results of any depth neither break nor hold up the gateway", () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    expect(() => written({ messages: [user("x"), assistant(call("call_7", deep))] })).toThrow("call_7");
    const { body } = written({ messages: [user("x"), assistant(call("1")), result("1", deep)] });
    expect(body.contents[2]?.parts?.[0]?.functionResponse?.response).toEqual({ output: deep });
    expect(() => JSON.stringify(body)).not.toThrow();
  });

  test("arguments that are no JSON object are refused with the call's id", () => {
    const messages = [user("x"), assistant(call("call_7", "[1]"))];
    expect(() => written({ messages })).toThrow("call_7");
  });
});

describe("thinking, by the model's generation", () => {
  const cases: [string, Parameters<typeof wish>[0], ThinkingConfig | undefined][] = [
    ["gemini-3.5-flash", { effort: "minimal" }, { includeThoughts: true, thinkingLevel: "MINIMAL" as never }],
    ["gemini-3.8-flash", { effort: "minimal" }, { includeThoughts: true, thinkingLevel: "LOW" as never }],
    ["gemini-3.1-pro-preview", { enabled: false }, { thinkingLevel: "LOW" as never }],
    ["gemini-3.1-pro-preview", { effort: "xhigh", exclude: true }, { thinkingLevel: "HIGH" as never }],
    ["gemini-3.5-flash", { maxTokens: 2_000 }, { includeThoughts: true, thinkingBudget: 2_000 }],
    ["gemini-3.5-flash", { enabled: true }, { includeThoughts: true }],
    ["gemini-2.5-flash", { effort: "none" }, { thinkingBudget: 0 }],
    ["gemini-2.5-pro", { effort: "none" }, { thinkingBudget: 128 }],
    ["gemini-2.5-flash", { effort: "high" }, { includeThoughts: true, thinkingBudget: 24_576 }],
    ["gemini-2.5-pro", { maxTokens: 100_000 }, { includeThoughts: true, thinkingBudget: 32_768 }],
    ["gemini-2.5-flash-image", { effort: "high" }, undefined],
    ["gemini-2.0-flash", { effort: "high" }, undefined],
  ];
  test.each(cases)("%s with %j", (model, asked, expected) => {
    const { body, dropped } = written({ reasoning: wish(asked) }, model);
    expect(body.generationConfig?.thinkingConfig).toEqual(expected as ThinkingConfig);
    expect(dropped).toEqual(expected === undefined ? ["reasoning"] : []);
  });
});

describe("tools and formats", () => {
  const parameters: JsonObject = { type: "object", properties: { a: { type: "string" } } };
  const tools: CanonicalRequest["tools"] = [
    { kind: "function", name: "f", description: "Does", parameters, strict: null, cache: null },
    { kind: "native", dialect: "openai-chat", declaration: { googleSearch: {} } },
    { kind: "native", dialect: "openai-responses", declaration: { type: "web_search" } },
  ];

  test("one function is forced by name, Google's own tools pass, and those of others are dropped", () => {
    const { body, dropped } = written({ tools, toolChoice: { kind: "function", name: "f" } });
    const expected: Tool[] = [
      { functionDeclarations: [{ name: "f", description: "Does", parametersJsonSchema: parameters }] },
      { googleSearch: {} },
    ];
    expect(body.tools).toEqual(expected);
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: "ANY" as never, allowedFunctionNames: ["f"] } });
    expect(dropped).toEqual(["tools"]);
  });

  test("an older model that may call functions is not asked for JSON at the same time, and the client is told", () => {
    const request: Partial<CanonicalRequest> = { tools: tools.slice(0, 1), responseFormat: { kind: "json" } };
    expect(written(request, "gemini-2.5-flash")).toMatchObject({ dropped: ["response_format"] });
    expect(written(request).body.generationConfig).toEqual({ responseMimeType: "application/json" });
  });

  test("keywords that Gemini refuses are left out or said in others", () => {
    const schema: JsonObject = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      definitions: { unit: { const: "c" } },
      properties: {
        pattern: { type: "string", pattern: "^a", minLength: 2 },
        unit: { $ref: "#/definitions/unit" },
        both: {
          allOf: [
            { type: "object", required: ["x"] },
            { properties: { x: { type: "number" } }, required: ["y"] },
          ],
        },
      },
    };
    expect(geminiSchema(schema)).toEqual({
      type: "object",
      additionalProperties: false,
      $defs: { unit: { enum: ["c"] } },
      properties: {
        pattern: { type: "string" },
        unit: { $ref: "#/$defs/unit" },
        both: { type: "object", required: ["x", "y"], properties: { x: { type: "number" } } },
      },
    });
  });

  test("a schema of any depth is written without running out of stack", () => {
    let schema: JsonObject = { type: "string" };
    for (let depth = 0; depth < 20_000; depth++) schema = { type: "array", items: schema };
    expect(() => geminiSchema(schema)).not.toThrow();
  });
});

test("a tier of service goes where Google has a word for it, and is reported where not", () => {
  expect(written({ serviceTier: "default" }).body.serviceTier).toBe("standard");
  expect(written({ serviceTier: "flex" }, "gemini-3.5-flash", false).dropped).toEqual(["service_tier"]);
  expect(written({ serviceTier: "auto" }).dropped).toEqual([]);
});
