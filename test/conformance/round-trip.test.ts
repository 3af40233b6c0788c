/** A request that goes out in a dialect and is read back is the same request, but for what was reported as dropped. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ClientDialect, UpstreamDialect } from "../../src/gateway/canonical/dialects.ts";
import type { CanonicalRequest, Message, Tool } from "../../src/gateway/canonical/request.ts";
import { anthropicMessages } from "../../src/gateway/ingress/anthropic-messages/dialect.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { openAiResponses } from "../../src/gateway/ingress/openai-responses/dialect.ts";
import { parseBody } from "../../src/gateway/ingress/read-body.ts";
import { claudeTraits } from "../../src/gateway/providers/anthropic-messages/claude-traits.ts";
import { messagesDialect } from "../../src/gateway/providers/anthropic-messages/messages-dialect.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { anyRequest, type Scope } from "./any-request.ts";

const HINTS = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };

/** Dialects that are spoken on both sides, by a provider that takes all of it. */
interface Pair {
  title: string;
  client: ClientDialect;
  upstream: UpstreamDialect;
  model: string;
  scope: Scope;
  /** What the dialect cannot tell apart, on both sides of the comparison. */
  alike?(request: CanonicalRequest): CanonicalRequest;
}

function canCall({ tools, toolChoice }: CanonicalRequest): boolean {
  return tools.length > 0 && toolChoice?.kind !== "none";
}

function openRouter(name: string): UpstreamDialect {
  const provider = createProvider.openrouter({ slug: "or", name: "OpenRouter", baseUrl: "https://llm.example.com" });
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
  const found = adapter.dialects("acme/m").find((dialect) => dialect.name === name);
  if (!found) throw new Error(`OpenRouter does not speak ${name}`);
  return found;
}

const CLAUDE = "claude-sonnet-4-5";
const NO_WISH = { effort: null, maxTokens: null, exclude: null, summary: null };
const UNNAMED = { kind: "schema" as const, name: "", description: null, strict: null };
const ANY_FORMAT = ["anthropic-claude-v1", "openai-responses-v1", "google-gemini-v1"];
const pairs: readonly Pair[] = [
  {
    title: "chat",
    client: openAiChat,
    upstream: openRouter("openai-chat"),
    model: "acme/m",
    scope: { formats: ANY_FORMAT, hears: true, names: true, detail: "low" },
  },
  {
    title: "Responses",
    client: openAiResponses,
    upstream: openRouter("openai-responses"),
    model: "acme/m",
    scope: { formats: ANY_FORMAT, hears: true, names: true, detail: "auto" },
    // What clients of this dialect send by habit says nothing.
    alike: (request) => ({
      ...request,
      serviceTier: request.serviceTier === "auto" ? null : request.serviceTier,
      parallelToolCalls: request.tools.length > 0 && request.parallelToolCalls === false ? false : null,
      toolChoice: request.toolChoice?.kind === "auto" ? null : request.toolChoice,
    }),
  },
  {
    title: "Messages",
    client: anthropicMessages,
    upstream: messagesDialect("Anthropic"),
    model: CLAUDE,
    scope: { formats: ["anthropic-claude-v1"], hears: false, names: false, detail: null },
    // A bound must always be there, efforts become budgets, and a tool is strict or not.
    alike: (request) => ({
      ...request,
      maxOutputTokens: request.maxOutputTokens ?? claudeTraits(CLAUDE).maxOutputTokens,
      parallelToolCalls: canCall(request) && request.parallelToolCalls === false ? false : null,
      responseFormat:
        request.responseFormat?.kind === "schema" ? { ...UNNAMED, schema: request.responseFormat.schema } : null,
      serviceTier: null,
      toolChoice: request.toolChoice?.kind === "auto" ? null : request.toolChoice,
      modalities: request.modalities.filter((kind) => kind !== "text"),
      reasoning: request.reasoning && { ...NO_WISH, enabled: true },
      tools: request.tools.map((tool) =>
        tool.kind === "function" ? { ...tool, strict: tool.strict === true ? true : null } : tool,
      ),
    }),
  },
];

const TOP_LEVEL: readonly (readonly [keyof CanonicalRequest, string])[] = [
  ["parallelToolCalls", "parallel_tool_calls"],
  ["responseFormat", "response_format"],
  ["reasoning", "reasoning"],
  ["maxOutputTokens", "max_tokens"],
  ["stop", "stop"],
  ["modalities", "modalities"],
  ["audio", "audio"],
  ["imageConfig", "image_config"],
  ["prediction", "prediction"],
  ["verbosity", "verbosity"],
  ["serviceTier", "service_tier"],
  ["user", "user"],
  ["metadata", "metadata"],
  ["promptCacheKey", "prompt_cache_key"],
  ["toolChoice", "tool_choice"],
];

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The request by the names under which its parts may be reported as dropped; what may never be lost stands under "". */
function facets(request: CanonicalRequest, dropped: ReadonlySet<string>): Record<string, unknown> {
  const without = (name: string) => dropped.has(name);
  const message = (said: Message): unknown => {
    const { role, parts } = said;
    const shown = parts
      .filter((part) => !(without("reasoning_details") && part.kind === "reasoning"))
      .filter((part) => !(without("video") && part.kind === "video"))
      .map((part) => (without("cache_control") && "cache" in part ? { ...part, cache: null } : part));
    const own = role === "tool" ? { id: said.toolCallId, isError: said.isError && !without("is_error") } : {};
    const name = role === "tool" || without("messages.name") ? null : said.name;
    const cache = role === "tool" && !without("cache_control") ? said.cache : null;
    return { role, parts: shown, ...own, name, cache };
  };
  const tool = (one: Tool) => (one.kind === "function" && without("cache_control") ? { ...one, cache: null } : one);
  const top = TOP_LEVEL.filter(([, name]) => !without(name)).map(([field, name]) => [name, request[field]]);
  const sampled = Object.entries(request.sampling).map(([field, value]) => [snake(field), value] as const);
  return {
    "": { messages: request.messages.map(message), tools: request.tools.map(tool), streamed: request.streamed },
    cache_control: without("cache_control") ? null : request.cache,
    ...Object.fromEntries(top),
    ...Object.fromEntries(sampled.filter(([name]) => !without(name))),
  };
}

describe.each(pairs.map((pair) => [pair.title, pair] as const))("%s", (_, pair) => {
  const { client, upstream, model, scope, alike = (request: CanonicalRequest) => request } = pair;

  test("any request, written and read back, is the same but for what is reported as dropped", () => {
    fc.assert(
      fc.property(anyRequest(scope), (request) => {
        const written = upstream.canonical!.write(request, { upstreamModel: model, streamed: request.streamed });
        const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(written.body)));
        const asked = client.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), HINTS);
        const back = client.canonical!.read(asked);
        const dropped = new Set(written.dropped);
        const [got, wanted] = [facets(alike(back), dropped), facets(alike(request), dropped)];
        const lost = Object.keys(wanted).filter((name) => !Bun.deepEquals(got[name], wanted[name]));
        expect(lost.map((name) => ({ lost: name, got: got[name], wanted: wanted[name] }))).toEqual([]);
        expect([back.model, back.extras]).toEqual([model, {}]);
      }),
      { numRuns: 400, includeErrorInReport: true },
    );
  });
});
