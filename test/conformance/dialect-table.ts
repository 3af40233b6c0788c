/**
 * What becomes of each feature on its way to each provider dialect, found out by sending it: the tables of docs/dialects.md.
 * A feature that changes nothing in the body and is not reported as dropped is lost in silence, which is a defect.
 */

import { type VendorType, vendorOf } from "../../src/catalog/vendors/vendors.ts";
import { NO_TOKENS } from "../../src/gateway/call.ts";
import type { ClientDialect, DialectName, UpstreamDialect } from "../../src/gateway/canonical/dialects.ts";
import type { CanonicalEvent } from "../../src/gateway/canonical/events.ts";
import { anthropicMessages } from "../../src/gateway/ingress/anthropic-messages/dialect.ts";
import { openAiChat } from "../../src/gateway/ingress/openai-chat/dialect.ts";
import { openAiResponses } from "../../src/gateway/ingress/openai-responses/dialect.ts";
import { parseBody } from "../../src/gateway/ingress/read-body.ts";
import { Outgoing } from "../../src/gateway/prepare.ts";
import { chatDialect } from "../../src/gateway/providers/openai-compatible/chat-dialect.ts";
import { PLAIN } from "../../src/gateway/providers/openai-compatible/quirks.ts";
import { createProvider } from "../../src/gateway/providers/vendors.ts";
import { NOTHING_ASKED } from "../../src/gateway/router/route.ts";
import { NO_WISHES } from "../../src/gateway/router/wishes.ts";
import { GapuraError } from "../../src/kernel/errors.ts";
import type { JsonObject, JsonValue } from "../../src/kernel/json.ts";
import type { Locale } from "../../src/kernel/locale.ts";
import { chatFeatures, type Feature, plainChat } from "./features.ts";
import { messagesFeatures, plainMessages } from "./messages-features.ts";
import { plainResponses, responsesFeatures } from "./responses-features.ts";

export type Fate = "kept" | "translated" | "dropped" | "refused" | "implied" | "lost";

export const TABLES_START = "<!-- dialects: written by tools/write-dialect-tables.ts -->";
export const TABLES_END = "<!-- end of dialects -->";

interface Column {
  title: string;
  upstream: UpstreamDialect;
  model: string;
}

/** A dialect as the vendor of this name speaks it, with a model of its own. */
function columnOf(
  title: string,
  vendor: VendorType,
  { dialect, model }: { dialect: DialectName; model: string },
): Column {
  const { name, slug, baseUrl } = vendorOf(vendor);
  const provider = createProvider[vendor]({
    slug: slug ?? vendor,
    name,
    baseUrl: baseUrl ?? "https://llm.example.com",
  });
  const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });
  const upstream = adapter.dialects(model).find((one) => one.name === dialect);
  if (!upstream) throw new Error(`${vendor} does not speak ${dialect} with ${model}`);
  return { title, upstream, model };
}

/** The provider dialects, one for each column: as their own makers speak them, and chat as a plain server does. */
export const columns: readonly Column[] = [
  {
    title: "chat (most servers)",
    upstream: chatDialect({ ...PLAIN, asksReasoning: "reasoning", returnsReasoning: "reasoning_details" }),
    model: "m",
  },
  columnOf("chat (OpenAI)", "openai", { dialect: "openai-chat", model: "gpt-4o" }),
  columnOf("Responses (OpenAI)", "openai", { dialect: "openai-responses", model: "gpt-5" }),
  columnOf("Messages (Anthropic)", "anthropic", { dialect: "anthropic-messages", model: "claude-sonnet-4-5" }),
  columnOf("Gemini", "google-ai-studio", { dialect: "google-gemini", model: "gemini-2.5-flash" }),
  columnOf("Converse (Bedrock)", "amazon-bedrock", {
    dialect: "bedrock-converse",
    model: "anthropic.claude-sonnet-4-5-20250929-v1:0",
  }),
];

/** The client dialects, one table for each. */
export const clients: readonly {
  title: string;
  client: ClientDialect;
  plain: JsonObject;
  features: readonly Feature[];
}[] = [
  { title: "/chat/completions", client: openAiChat, plain: plainChat, features: chatFeatures },
  { title: "/responses", client: openAiResponses, plain: plainResponses, features: responsesFeatures },
  { title: "/messages", client: anthropicMessages, plain: plainMessages, features: messagesFeatures },
];

/** What becomes of a feature; throws what the conversion throws, other than a refusal with a field's name. */
export function fateOf(
  client: ClientDialect,
  { plain, feature, column }: { plain: JsonObject; feature: Feature; column: Column },
): Fate {
  const base = { ...plain, ...feature.beside };
  const sent = prepared(client, { ...base, ...feature.body }, column);
  if (sent === "refused") return "refused";
  const without = prepared(client, base, column);
  if (without === "refused") throw new Error(`${feature.name}: the plain request is refused`);
  if (sent.dropped.length > without.dropped.length) return "dropped";
  if (Bun.deepEquals(sent.body, without.body, true)) return feature.mayBeSoAlready ? "implied" : "lost";
  const isNative = column.upstream.name === client.name && column.upstream.native !== undefined;
  const isSame = Object.entries(feature.body).every(([name, value]) => Bun.deepEquals(sent.body[name], value));
  return isNative && isSame ? "kept" : "translated";
}

function prepared(client: ClientDialect, body: JsonObject, { upstream, model }: Column) {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
  const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
  const request = client.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints);
  const descriptor = { slug: "acme", name: "Acme", baseUrl: null };
  const adapter = { descriptor, dialects: () => [upstream], send: () => Promise.reject(new Error("no network here")) };
  const endpoint = { modelId: "acme/m", upstreamModel: model, providerNames: ["acme"] };
  try {
    const out = new Outgoing(client, request).prepare(adapter, { endpoint, asked: NOTHING_ASKED, wishes: NO_WISHES });
    return { body: JSON.parse(new TextDecoder().decode(out.body)) as JsonObject, dropped: out.dropped };
  } catch (error) {
    if (error instanceof GapuraError && REFUSALS.has(error.code)) return "refused" as const;
    throw error;
  }
}

const REFUSALS: ReadonlySet<string> = new Set(["invalid_field", "content_unsupported"]);

/** Every kind of event of an answer, with the mark by which it is found again in what a client gets. */
export const answerParts: readonly { name: Record<Locale, string>; events: CanonicalEvent[]; mark: string }[] = [
  { name: { en: "text", id: "teks" }, events: [{ kind: "text", text: "MARK" }], mark: "MARK" },
  { name: { en: "refusal", id: "penolakan" }, events: [{ kind: "refusal", text: "MARK" }], mark: "MARK" },
  {
    name: { en: "thoughts", id: "pikiran" },
    events: [{ kind: "reasoning", detail: { kind: "text", text: "MARK", signature: null, id: null, format: null } }],
    mark: "MARK",
  },
  {
    name: { en: "a signature of thoughts", id: "tanda tangan pikiran" },
    events: [
      {
        kind: "reasoning",
        detail: { kind: "text", text: "Hm", signature: "MARK", id: null, format: "anthropic-claude-v1" },
      },
    ],
    mark: "MARK",
  },
  {
    name: { en: "a summary of thoughts", id: "ringkasan pikiran" },
    events: [
      { kind: "reasoning", detail: { kind: "summary", summary: "MARK", id: "rs_1", format: "openai-responses-v1" } },
    ],
    mark: "MARK",
  },
  {
    name: { en: "encrypted thoughts", id: "pikiran terenkripsi" },
    events: [
      { kind: "reasoning", detail: { kind: "encrypted", data: "MARK", id: "rs_1", format: "openai-responses-v1" } },
    ],
    mark: "MARK",
  },
  {
    name: { en: "a tool call", id: "panggilan alat" },
    events: [
      { kind: "tool-call", index: 0, id: "call_1", name: "MARK" },
      { kind: "tool-arguments", index: 0, text: "{}" },
    ],
    mark: "MARK",
  },
  {
    name: { en: "a picture", id: "gambar" },
    events: [{ kind: "image", mediaType: "image/png", data: "TUFSSw==" }],
    mark: "TUFSSw==",
  },
  { name: { en: "speech", id: "suara" }, events: [{ kind: "audio", audio: { id: "a1", data: "MARK" } }], mark: "MARK" },
  {
    name: { en: "a citation", id: "kutipan" },
    events: [
      { kind: "text", text: "x" },
      {
        kind: "citation",
        citation: { url: "https://example.com/MARK", title: "t", content: null, startIndex: 0, endIndex: 1 },
      },
    ],
    mark: "https://example.com/MARK",
  },
  {
    name: { en: "log probabilities", id: "log probabilitas" },
    events: [
      { kind: "text", text: "M" },
      { kind: "logprobs", logprobs: { content: [{ token: "MARK", logprob: -0.1, bytes: null, top_logprobs: [] }] } },
    ],
    mark: "MARK",
  },
  {
    name: { en: "the service tier", id: "tingkat layanan" },
    events: [{ kind: "service-tier", tier: "MARK" }],
    mark: "MARK",
  },
];

/** True when what a client gets of these events, whole and streamed, holds the mark. */
export function isShown(client: ClientDialect, plain: JsonObject, part: (typeof answerParts)[number]): boolean {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify({ ...plain, stream: true })));
  const hints = { exampleModel: "gpt-3.5", modelsUrl: "http://localhost:8787/api/v1/models" };
  const request = client.read(parseBody(bytes, { maxBytes: 1e6, maxDepth: 64 }), hints);
  const identity = { generationId: "gen-1", model: "acme/m", provider: "Acme", createdSeconds: 7, requestId: "req_1" };
  const billed = {
    usage: { ...NO_TOKENS, promptTokens: 1, completionTokens: 1 },
    charge: { costNano: 0n, priceVersion: "v" },
  };
  const events: CanonicalEvent[] = [
    { kind: "start", upstreamId: "u1", createdSeconds: 5, fingerprint: null },
    ...part.events,
    { kind: "finish", reason: "stop", native: "stop", stopSequence: null },
  ];
  if (!client.canonical) throw new Error(`${client.name} has no canonical side`);
  const whole: JsonValue = client.canonical.answer(events, { identity, request, billed });
  const writer = client.canonical.writer(identity, request);
  const streamed = events.map((event) => writer.write(event)).join("") + writer.end(billed);
  const inWhole = JSON.stringify(whole).includes(part.mark);
  if (inWhole !== streamed.includes(part.mark)) {
    throw new Error(`${client.name}: ${part.name.en} is shown in one of whole and streamed answers, not in both`);
  }
  return inWhole;
}

const words: Record<Locale, Record<Fate | "field" | "shown" | "hidden" | "answers" | "part", string>> = {
  en: {
    kept: "kept",
    translated: "translated",
    dropped: "dropped, with a warning",
    refused: "refused",
    implied: "so already",
    lost: "LOST",
    field: "Field",
    shown: "shown",
    hidden: "left out",
    answers: "Answers",
    part: "Part of an answer",
  },
  id: {
    kept: "tetap",
    translated: "diterjemahkan",
    dropped: "dibuang, dengan peringatan",
    refused: "ditolak",
    implied: "sudah begitu",
    lost: "HILANG",
    field: "Field",
    shown: "ditampilkan",
    hidden: "tidak disertakan",
    answers: "Jawaban",
    part: "Bagian jawaban",
  },
};

export function dialectTables(language: Locale): string {
  const word = words[language];
  const requests = clients.map(({ title, client, plain, features }) =>
    table(
      `### \`POST ${title}\``,
      [word.field, ...columns.map((column) => column.title)],
      features.map((feature) => [
        `\`${feature.name}\``,
        ...columns.map((column) => word[fateOf(client, { plain, feature, column })]),
      ]),
    ),
  );
  const answers = table(
    `### ${word.answers}`,
    [word.part, ...clients.map(({ title }) => `\`${title}\``)],
    answerParts.map((part) => [
      part.name[language],
      ...clients.map(({ client, plain }) => (isShown(client, plain, part) ? word.shown : word.hidden)),
    ]),
  );
  return [...requests, answers].join("\n\n");
}

function table(heading: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [heading, "", line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** `page` with fresh tables between its two marks. Undefined when the marks are missing. */
export function withTables(page: string, language: Locale): string | undefined {
  const start = page.indexOf(TABLES_START);
  const end = page.indexOf(TABLES_END);
  if (start < 0 || end < start) return undefined;
  return `${page.slice(0, start)}${TABLES_START}\n\n${dialectTables(language)}\n\n${page.slice(end)}`;
}
