/** The providers of the suite: one vendor for each provider dialect, its mock, and the voice that it answers with. */
import type { VendorType } from "../../src/catalog/vendors/vendors.ts";
import type { DialectName } from "../../src/gateway/canonical/dialects.ts";
import { ANTHROPIC_KEY, startAnthropicUpstream } from "../support/upstreams/anthropic-messages.ts";
import { startAzureUpstream } from "../support/upstreams/azure.ts";
import { bedrockApiKey, startBedrockUpstream } from "../support/upstreams/bedrock.ts";
import { startGeminiUpstream } from "../support/upstreams/google-gemini.ts";
import { OPENAI_CHAT_KEY, startChatUpstream } from "../support/upstreams/openai-chat.ts";
import { OPENAI_KEY, startResponsesUpstream } from "../support/upstreams/openai-responses.ts";
import { type MockUpstream, type Seen, streamBytes } from "../support/upstreams/replies.ts";
import { type Kind, type Told, type Voice, withNews } from "./told.ts";
import { messagesVoice } from "./voices/anthropic-messages.ts";
import { converseVoice } from "./voices/bedrock-converse.ts";
import { geminiVoice } from "./voices/google-gemini.ts";
import { azureVoice, chatVoice } from "./voices/openai-chat.ts";
import { responsesVoice } from "./voices/openai-responses.ts";

/** How a scenario goes, beside what is told. */
export type Course =
  | { kind: "whole story"; cutBytes?: number; hasNews?: boolean }
  /** Broken off after a share of the events, by an end, by a broken connection, or by the provider's own word. */
  | { kind: "cut" | "broken" | "failure" | "silence"; events: number }
  | { kind: "refused"; status: number; message: string };

export interface Playing {
  url: string;
  host: string;
  seen: Seen[];
  left(): Promise<void>;
  /** What the next requests get. */
  play(told: Told, course: Course, streamed: boolean): void;
  stop(): Promise<void>;
}

export interface UpstreamSide {
  title: string;
  vendor: VendorType;
  dialect: DialectName;
  model: string;
  /** The credential as the adapter gets it. */
  credential: string;
  seal: string;
  cannot: readonly Kind[];
  /** Clients whom the vendor answers in another dialect, their own. */
  leaves?: readonly string[];
  /** True where former thoughts get back as their words alone. */
  losesSeals?: true;
  start(): Playing;
  /** The bytes of the stream. */
  bytes(told: Told, hasNews?: boolean): Uint8Array;
  /** The body of a whole answer. */
  whole(told: Told): unknown;
  /** How many events the stream has. */
  length(told: Told): number;
}

interface Cast<Piece>
  extends Pick<UpstreamSide, "title" | "vendor" | "dialect" | "model" | "credential" | "leaves" | "losesSeals"> {
  voice: Voice<Piece>;
  mock(models: string[]): MockUpstream<Piece>;
  /** What stands between the mock's address and the paths. */
  address?(url: string): string;
}

function side<Piece extends object>({ voice, mock, address, ...names }: Cast<Piece>): UpstreamSide {
  const { form, seal, cannot } = voice;
  // A piece may stand for many events, so that streams are cut in bytes of events, not in pieces.
  const eventsOf = (told: Told, hasNews: boolean): Piece[] => {
    const pieces = voice.stream(told);
    if (!hasNews) return pieces;
    return pieces.flatMap((piece, at) => (at === 0 ? [withNews(piece)] : [voice.unknown, withNews(piece)]));
  };
  return {
    ...names,
    seal,
    cannot,
    bytes: (told, hasNews = false) => streamBytes(form, eventsOf(told, hasNews)),
    whole: (told) => {
      const whole = voice.whole(told);
      return "whole" in whole ? whole.whole : whole;
    },
    length: (told) => eventsOf(told, false).length,
    start: () => {
      const upstream = mock([names.model]);
      return {
        url: address?.(upstream.url) ?? upstream.url,
        host: upstream.host,
        seen: upstream.seen,
        left: () => upstream.left,
        stop: () => upstream.stop(),
        play: (told, course, streamed) => {
          if (course.kind === "refused") {
            const { status, message } = course;
            upstream.reply = { kind: "error", status, ...voice.refusal(message, status) };
            return;
          }
          if (course.kind === "whole story") {
            const { cutBytes, hasNews = false } = course;
            const whole = voice.whole(told);
            const pieces = streamed ? eventsOf(told, hasNews) : [hasNews ? withNews(whole) : whole];
            upstream.reply = { kind: "answer", pieces, ...(cutBytes === undefined ? {} : { cutBytes }) };
            return;
          }
          const begun = eventsOf(told, false).slice(0, course.events);
          const { kind } = course;
          if (kind === "failure")
            upstream.reply = { kind: "cut", pieces: [...begun, voice.failure("It broke inside.")] };
          else upstream.reply = { kind, pieces: begun };
        },
      };
    },
  };
}

const AZURE_KEY = "invented0123456789abcdef0123456789";

export const upstreams: readonly UpstreamSide[] = [
  side({
    title: "a chat server",
    leaves: ["/completions"],
    losesSeals: true,
    vendor: "openai-compatible",
    dialect: "openai-chat",
    model: "model-m",
    credential: OPENAI_CHAT_KEY,
    voice: chatVoice,
    mock: (models) => startChatUpstream(models),
  }),
  side({
    title: "OpenAI (Responses)",
    vendor: "openai",
    dialect: "openai-responses",
    model: "gpt-5.3-codex",
    credential: OPENAI_KEY,
    voice: responsesVoice,
    mock: startResponsesUpstream,
  }),
  side({
    title: "Anthropic",
    vendor: "anthropic",
    dialect: "anthropic-messages",
    model: "claude-sonnet-4-5",
    credential: ANTHROPIC_KEY,
    voice: messagesVoice,
    mock: (models) => startAnthropicUpstream(models),
  }),
  side({
    title: "Google AI Studio",
    vendor: "google-ai-studio",
    dialect: "google-gemini",
    model: "gemini-3.5-flash",
    credential: "AIza-invented-0123456789",
    voice: geminiVoice,
    mock: () => startGeminiUpstream([]),
  }),
  side({
    title: "Bedrock",
    vendor: "amazon-bedrock",
    dialect: "bedrock-converse",
    model: "anthropic.claude-haiku-4-5-20251001-v1:0",
    credential: JSON.stringify({ apiKey: bedrockApiKey, region: "eu-central-1" }),
    voice: converseVoice,
    mock: () => startBedrockUpstream({ modelSummaries: [], inferenceProfileSummaries: [] }),
  }),
  side({
    title: "Azure",
    leaves: ["/responses"],
    vendor: "azure",
    dialect: "openai-chat",
    model: "gpt-4o",
    credential: JSON.stringify({ apiKey: AZURE_KEY }),
    voice: azureVoice,
    mock: (models) =>
      startAzureUpstream(
        models.map((id) => ({ id })),
        AZURE_KEY,
      ),
  }),
];
