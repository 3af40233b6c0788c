import { describe, expect, test } from "bun:test";
import type { ConverseRequest } from "@aws-sdk/client-bedrock-runtime";
import { canonicalRequest, wish } from "../../../../test/support/canonical.ts";
import type { AssistantPart, CanonicalRequest, ContentPart, Message } from "../../canonical/request.ts";
import { writeConverseRequest } from "./write-request.ts";

/** The body as Amazon's own types have it; the model stands in the path. */
type Body = Partial<ConverseRequest>;

const SONNET = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA = "amazon.nova-lite-v1:0";

function written(request: Partial<CanonicalRequest>, upstreamModel = SONNET) {
  const target = { upstreamModel, streamed: false };
  const { body, dropped } = writeConverseRequest(canonicalRequest(request), target, "Amazon Bedrock");
  return { body: body as unknown as Body, dropped };
}

const text = (words: string, cache: ContentPart["cache"] = null) => ({ kind: "text" as const, text: words, cache });
const user = (...parts: ContentPart[]): Message => ({ role: "user", name: null, parts });
const assistant = (...parts: AssistantPart[]): Message => ({ role: "assistant", name: null, parts });
const call = (id: string): AssistantPart => ({ kind: "tool-call", id, name: "look", arguments: "", cache: null });
const result = (toolCallId: string, words: string, isError = false): Message => ({
  role: "tool",
  toolCallId,
  parts: words === "" ? [] : [text(words)],
  isError,
  cache: null,
});
const picture = (mediaType: string): ContentPart => ({
  kind: "image",
  source: { kind: "base64", mediaType, data: "AAAA" },
  detail: null,
  cache: null,
});
const tool: CanonicalRequest["tools"][number] = {
  kind: "function",
  name: "look",
  description: "",
  parameters: null,
  strict: null,
  cache: { ttl: null },
};

describe("messages", () => {
  test("sides alternate, empty words are left out, and results keep their order and their errors", () => {
    const messages = [
      user(text("a"), text("")),
      user(text("b")),
      assistant(text(" "), call("c:1"), call("c2")),
      result("c:1", "one"),
      result("c2", "", true),
    ];
    const expected: Body = {
      messages: [
        { role: "user", content: [{ text: "a" }, { text: "b" }] },
        {
          role: "assistant",
          content: [
            { toolUse: { toolUseId: "c_1", name: "look", input: {} } },
            { toolUse: { toolUseId: "c2", name: "look", input: {} } },
          ],
        },
        {
          role: "user",
          content: [
            { toolResult: { toolUseId: "c_1", content: [{ text: "one" }] } },
            { toolResult: { toolUseId: "c2", content: [{ text: "(no output)" }], status: "error" } },
          ],
        },
      ],
    };
    const { body } = written({ messages });
    expect(body.messages).toEqual(expected.messages);
  });

  test("instructions alone are asked as a question", () => {
    const messages: Message[] = [{ role: "system", name: null, parts: [text("Greet me.")] }];
    expect(written({ messages }).body).toEqual({ messages: [{ role: "user", content: [{ text: "Greet me." }] }] });
  });

  test("functions that were called and are no longer declared are declared openly, or Amazon refuses the request", () => {
    const { body } = written({ messages: [user(text("a")), assistant(call("c1")), result("c1", "x")] });
    expect(body.toolConfig).toEqual({
      tools: [{ toolSpec: { name: "look", inputSchema: { json: { type: "object" } } } }],
    });
  });

  test("marks of the cache become points behind their blocks, an hour long only where it is Claude", () => {
    const request: Partial<CanonicalRequest> = {
      messages: [{ role: "system", name: null, parts: [text("s", { ttl: "1h" })] }, user(text("a", { ttl: "5m" }))],
      tools: [tool],
      cache: { ttl: null },
    };
    const claude = written(request).body;
    expect(claude.system as unknown).toEqual([{ text: "s" }, { cachePoint: { type: "default", ttl: "1h" } }]);
    const point = { cachePoint: { type: "default" } };
    expect(claude.messages?.[0]?.content as unknown).toEqual([{ text: "a" }, point, point]);
    expect(claude.toolConfig).toMatchObject({ tools: [{ toolSpec: { name: "look" } }, point] });
    expect(written(request, NOVA).body.system as unknown).toEqual([{ text: "s" }, point]);
    const llama = written(request, "meta.llama3-3-70b-instruct-v1:0");
    expect(JSON.stringify(llama.body)).not.toContain("cachePoint");
    expect(llama.dropped).toEqual(["cache_control"]);
  });

  test("only thoughts that Claude signed or sealed go back to Claude", () => {
    const thought = (given: object): AssistantPart => ({
      kind: "reasoning",
      detail: { kind: "text", text: "Hm", signature: "s", id: null, format: "anthropic-claude-v1", ...given } as never,
    });
    const sealed = thought({ kind: "encrypted", data: "c2Vh" });
    const said = [
      thought({}),
      thought({ signature: null }),
      thought({ format: "google-gemini-v1" }),
      sealed,
      text("a"),
    ];
    const messages = [user(text("x")), assistant(...said)];
    expect(written({ messages }).body.messages?.[1]?.content as unknown).toEqual([
      { reasoningContent: { reasoningText: { text: "Hm", signature: "s" } } },
      { reasoningContent: { redactedContent: "c2Vh" } },
      { text: "a" },
    ]);
    expect(written({ messages }, NOVA).body.messages?.[1]?.content as unknown).toEqual([{ text: "a" }]);
  });
});

describe("media", () => {
  test("documents get names that Amazon takes, and no two the same", () => {
    const file = (filename: string | null): ContentPart => ({
      kind: "file",
      source: { kind: "base64", mediaType: "application/pdf", data: "AAAA" },
      filename,
      cache: null,
    });
    const names = [file("Laporan: 2026/§1.final.pdf"), file(null), file("...pdf")].map((part) => part);
    const blocks = written({ messages: [user(...names)] }).body.messages?.[0]?.content as {
      document: { name: string };
    }[];
    const found = blocks.map(({ document }) => document.name);
    expect(new Set(found).size).toBe(3);
    for (const name of found) expect(name).toMatch(/^[A-Za-z0-9()[\]-]+(?: [A-Za-z0-9()[\]-]+)*$/);
  });

  const url = (address: string): ContentPart => ({
    kind: "image",
    source: { kind: "url", url: address },
    detail: null,
    cache: null,
  });
  test.each([
    ["an address", url("https://example.com/a.png"), "send the bytes as a data: URL"],
    ["an address in S3", url("s3://bucket/a.png"), "send the bytes as a data: URL"],
    ["a picture of another kind", picture("image/tiff"), "image/png, image/jpeg"],
    ["a sound of another kind", { kind: "audio", data: "A", format: "midi", cache: null } as ContentPart, "mp3, wav"],
  ])("%s is refused, with what to do instead", (_, part, advice) => {
    expect(() => written({ messages: [user(part)] })).toThrow(advice);
  });
});

describe("tools", () => {
  test("what Amazon has no word for is said in what it has: no tools where none may be called", () => {
    const none = { tools: [tool], toolChoice: { kind: "none" as const } };
    expect(written(none).body).not.toHaveProperty("toolConfig");
    expect(written(none).dropped).toEqual([]);
    const messages = [user(text("a")), assistant(call("c1")), result("c1", "x")];
    expect(written({ ...none, messages }).dropped).toEqual(["tool_choice"]);
  });

  test("a forced tool stays forced, and Claude is then not asked to think", () => {
    const request = { tools: [tool], toolChoice: { kind: "required" as const }, reasoning: wish({ effort: "high" }) };
    const { body, dropped } = written(request);
    expect(body.toolConfig).toMatchObject({ toolChoice: { any: {} } });
    expect([body.additionalModelRequestFields, dropped]).toEqual([undefined, ["reasoning"]]);
  });
});

describe("thinking and choosing, by the maker", () => {
  const high = wish({ effort: "high" });
  test.each([
    [SONNET, { thinking: { type: "enabled", budget_tokens: 8_000 } }],
    [
      "global.anthropic.claude-opus-4-7-v1:0",
      { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "high" } },
    ],
    ["global.amazon.nova-2-lite-v1:0", { reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } }],
    ["openai.gpt-oss-120b-1:0", { reasoning_effort: "high" }],
  ])("%s is asked to think in its own words", (model, expected) => {
    const { body, dropped } = written({ reasoning: high, maxOutputTokens: 10_000 }, model);
    expect(body.additionalModelRequestFields).toEqual(expected);
    expect(dropped).toEqual([]);
  });

  test("a model that cannot think says so, and one that goes on after a call without a thought is not asked", () => {
    expect(written({ reasoning: high }, "meta.llama3-3-70b-instruct-v1:0").dropped).toEqual(["reasoning"]);
    const messages = [user(text("a")), assistant(call("c1")), result("c1", "x")];
    expect(written({ reasoning: high, messages }).dropped).toEqual(["reasoning"]);
  });

  test("top_k goes where each maker has it, and is dropped where none has", () => {
    const sampling = { ...canonicalRequest().sampling, topK: 5, seed: 7 };
    expect(written({ sampling }).body.additionalModelRequestFields).toEqual({ top_k: 5 });
    expect(written({ sampling }, NOVA).body.additionalModelRequestFields).toEqual({ inferenceConfig: { topK: 5 } });
    expect(written({ sampling }, "cohere.command-r-v1:0").dropped).toEqual(["seed", "top_k"]);
    expect(written({ sampling: { ...sampling, temperature: 0.2 }, reasoning: high }).dropped.toSorted()).toEqual([
      "seed",
      "temperature",
      "top_k",
    ]);
  });
});

test("notes go along as far as Amazon takes them", () => {
  const { body, dropped } = written({ metadata: { team: "a-1", "§": "x", n: 7 } });
  expect([body.requestMetadata, dropped]).toEqual([{ team: "a-1" }, ["metadata"]]);
});
