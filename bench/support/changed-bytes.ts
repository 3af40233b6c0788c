/** How a request that passes through differs from what the client sent: from the same code that prepares every attempt. */
import type { VendorType } from "../../src/catalog/vendors/vendors.ts";
import { vendorOf } from "../../src/catalog/vendors/vendors.ts";
import type { ClientDialect } from "../../src/gateway/canonical/dialects.ts";
import { anthropicMessages } from "../../src/gateway/ingress/anthropic-messages/dialect.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { openAiResponses } from "../../src/gateway/ingress/openai-responses/dialect.ts";
import { parseBody } from "../../src/gateway/ingress/read-body.ts";
import { Outgoing } from "../../src/gateway/prepare.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { NOTHING_ASKED } from "../../src/gateway/router/route.ts";
import { NO_WISHES } from "../../src/gateway/router/wishes.ts";

export interface TypicalRequest {
  name: string;
  client: ClientDialect;
  vendor: VendorType;
  upstreamModel: string;
  body: object;
}

const tool = (name: string) => ({
  type: "function",
  function: {
    name,
    description: `Does ${name}.`,
    parameters: { type: "object", properties: { path: { type: "string" } } },
  },
});

/** What agents send: a long system text, tools, some turns. */
export function typicalRequests(): TypicalRequest[] {
  const chat = {
    model: "openai/gpt-4o-mini",
    messages: [
      { role: "system", content: "You are careful. ".repeat(400) },
      { role: "user", content: "Read the file and say what it does." },
    ],
    tools: ["read_file", "write_file", "list_files", "run"].map(tool),
    temperature: 0.2,
    stream: true,
    stream_options: { include_usage: true },
  };
  const responses = {
    model: "openai/gpt-5",
    instructions: chat.messages[0]?.content,
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: chat.messages[1]?.content }] }],
    tools: chat.tools.map(({ function: described }) => ({ type: "function", strict: false, ...described })),
    include: ["reasoning.encrypted_content"],
    store: false,
    stream: true,
  };
  const messages = {
    model: "anthropic/claude-sonnet-4.5",
    max_tokens: 32_000,
    system: [{ type: "text", text: chat.messages[0]?.content, cache_control: { type: "ephemeral" } }],
    messages: [{ role: "user", content: [{ type: "text", text: chat.messages[1]?.content }] }],
    tools: chat.tools.map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      input_schema: parameters,
    })),
    thinking: { type: "enabled", budget_tokens: 10_000 },
    metadata: { user_id: "user_1" },
    stream: true,
  };
  return [
    { name: "chat", client: openAiChat, vendor: "openai", upstreamModel: "gpt-4o-mini", body: chat },
    { name: "responses", client: openAiResponses, vendor: "openai", upstreamModel: "gpt-5", body: responses },
    {
      name: "messages",
      client: anthropicMessages,
      vendor: "anthropic",
      upstreamModel: "claude-sonnet-4-5",
      body: messages,
    },
  ];
}

/** Length of the client's body, and how many bytes of what is sent do not stand in it at the same place. */
export function changedBytes({ client, vendor, upstreamModel, body }: TypicalRequest): {
  bytes: number;
  changed: number;
} {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
  const hints = { exampleModel: "", modelsUrl: "" };
  const request = client.read(parseBody(bytes, { maxBytes: bytes.length, maxDepth: 64 }), hints);
  const { name, slug, baseUrl } = vendorOf(vendor);
  const provider = createProvider[vendor]({ slug: slug ?? vendor, name, baseUrl: baseUrl ?? "https://example.com" });
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("nothing is sent here")) });
  const endpoint = { modelId: upstreamModel, upstreamModel, providerNames: [vendor] };
  const sent = new Outgoing(client, request).prepare(adapter, {
    endpoint,
    asked: NOTHING_ASKED,
    wishes: NO_WISHES,
  }).body;
  return { bytes: bytes.length, changed: differing(bytes, sent) };
}

/** Bytes between the part that both begin with and the part that both end with, of the longer one. */
function differing(before: Uint8Array, after: Uint8Array): number {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return Math.max(before.length, after.length) - start - end;
}
