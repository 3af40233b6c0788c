/**
 * What a dialect is to the gateway, on the client's side (ingress/<dialect>/) and on the provider's (providers/…).
 *
 * When a provider speaks the client's own dialect, the bytes pass through and only what must change is changed
 * (`native` on both sides). Else the request is read into the canonical form and written in the provider's dialect,
 * and the answer comes back as canonical events (`canonical` on both sides).
 */
import type { GapuraError } from "../../kernel/errors.ts";
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import type { BodyEdits } from "../ingress/body-edits.ts";
import type { JsonBody } from "../ingress/read-body.ts";
import type { Charge } from "../metering/charge.ts";
import type { RefusalContext } from "../refusal-context.ts";
import type { StatedWishes } from "../router/wishes.ts";
import type { HeaderFields } from "../transport/answer.ts";
import type { CanonicalEvent } from "./events.ts";
import type { CanonicalRequest } from "./request.ts";
import type { TokenUsage } from "./usage.ts";

export type DialectName =
  | "openai-chat"
  | "openai-completions"
  | "openai-responses"
  | "anthropic-messages"
  | "google-gemini"
  | "bedrock-converse"
  | "embeddings"
  | "rerank";

/** The word of a call's kind in the usage record. */
export type ApiType = "chat" | "completions" | "responses" | "messages" | "embeddings" | "rerank";

/** What every answer and every event of one generation carries. */
export interface AnswerIdentity {
  generationId: string;
  /** `author/slug` of what answered. */
  model: string;
  /** Display name of the provider. */
  provider: string;
  /** When the call came, for providers that do not say when they answered. Epoch seconds. */
  createdSeconds: number;
  requestId: string;
}

export interface Billed {
  usage: TokenUsage;
  /** What is to be paid. */
  charge: Charge;
  /** What the client is told of it in the usage; missing where there is nothing to say. */
  note?: string;
  /** When the answer was whole. Epoch seconds. */
  completedSeconds?: number;
}

/** A client's request, checked as far as routing needs it. */
export interface ClientRequest {
  body: JsonBody;
  /** What is asked for, best first: `model`, then `models`. Never empty. */
  models: readonly string[];
  streamed: boolean;
  /** What `provider` says; the account's and the preset's wishes are not in it. */
  wishes: StatedWishes;
  /** `debug.echo_upstream_body`: a stream begins with what each provider was sent. */
  wantsEcho: boolean;
  /** The dialect of the body, and so of the answer, where it is not the one of the address. */
  answeredAs?: ClientDialect;
}

/** What this instance tells people to look at when a model name is wrong. */
export interface ModelHints {
  exampleModel: string;
  modelsUrl: string;
}

/** Where one attempt goes. */
export interface Target {
  /** The name the provider knows the model by. */
  upstreamModel: string;
  streamed: boolean;
}

/** What one upstream event gives the client. */
export type StreamStep =
  /** `frames` is the text to send, blank lines included. */
  | { kind: "chunk"; frames: string; hasToken: boolean }
  /** Nothing for the client: bookkeeping only. */
  | { kind: "nothing" }
  /** The provider's own end; `frames` is what the client must still get before its end. */
  | { kind: "done"; frames?: string }
  /** The provider says that it failed. `status` is its own, 502 when it gives none. */
  | { kind: "failed"; status: number; message: string; frames?: string }
  | { kind: "unreadable" };

/**
 * Turns the events of one upstream stream into what the client gets. Pure: the relay does the reading, the writing and
 * the waiting.
 */
export interface StreamTranslator {
  accept(data: string): StreamStep;
  /** True once the answer has said why it ended: what follows can no longer be missing text. */
  readonly isComplete: boolean;
  /** Usage as reported so far. */
  readonly usage: TokenUsage | undefined;
  /** Bytes of the text seen, for the case that no usage is reported. */
  readonly textLength: number;
  readonly upstreamId: string | null;
  readonly finishReason: string | null;
  readonly nativeFinishReason: string | null;
  /** The tier that the provider says it answers on. */
  readonly serviceTier?: string | null;
  /** Pictures and sounds so far. */
  readonly mediaCount?: number;
  /** The frames that end a good stream: usage with its cost, the dialect's last words. */
  end(billed: Billed): string;
  /** The same for a stream that the gateway ends because the money for it is used up: its reason is a length reached. */
  cut(billed: Billed): string;
  /** The frames that end a stream which broke after its first token. */
  fail(error: GapuraError): string;
}

/** What is noted of an answer that is not streamed. */
export interface AnswerNotes {
  usage: TokenUsage | undefined;
  textLength: number;
  upstreamId: string | null;
  finishReason: string | null;
  nativeFinishReason: string | null;
  serviceTier?: string | null;
  /** Pictures and sounds. */
  mediaCount?: number;
  /** The provider answered that it failed, with a status that says it did not. */
  failure?: { status: number; message: string };
}

/** Writes canonical events as the stream of one client. */
export interface EventWriter {
  /** The frames for one event; an empty text where the client gets nothing. */
  write(event: CanonicalEvent): string;
  end(billed: Billed): string;
  fail(error: GapuraError): string;
}

export interface ClientDialect {
  readonly name: DialectName;
  readonly apiType: ApiType;
  /** The Authorization header, or what stands for it in this dialect. */
  authorization(headers: Headers): string | null;
  /** Throws GapuraError: model_missing, invalid_field. */
  read(body: JsonBody, hints: ModelHints): ClientRequest;
  /** The error body in this dialect. */
  errorBody(error: GapuraError, requestId: string, context?: RefusalContext): object;
  /** Headers of every answer, errors too, beside those that all dialects have. */
  headers?(requestId: string): Record<string, string>;
  /** The frame that shows what a provider was sent, for requests that ask for it; `framesAfter` of them follow. */
  echo?(identity: AnswerIdentity, upstreamBody: JsonValue, framesAfter: number): string;
  /** The fields that ask a body's model to think; none where the body says already whether it shall. */
  thinking?(body: JsonObject): JsonObject;
  /** For providers that speak this dialect. */
  native: {
    /** Fields that must change wherever the request goes; the provider's own edits and the model's name come on top. */
    edits(request: ClientRequest): BodyEdits;
    /** Absent where answers are never streamed. */
    stream?(identity: AnswerIdentity, upstream: NativeUpstream): StreamTranslator;
    /** What the answer says of itself, or undefined when it is no answer of this dialect to this request. */
    readAnswer(answer: JsonObject, request?: ClientRequest): AnswerNotes | undefined;
    /** The answer as the client gets it; may change `answer` in place. */
    finishAnswer(answer: JsonObject, context: AnswerContext): JsonObject;
  };
  /** For providers that speak another one; absent where there is no other (embeddings, rerank). */
  canonical?: {
    /** Throws GapuraError: invalid_field. */
    read(request: ClientRequest): CanonicalRequest;
    writer(identity: AnswerIdentity, request: ClientRequest): EventWriter;
    answer(events: readonly CanonicalEvent[], context: AnswerContext): JsonObject;
  };
}

export interface AnswerContext {
  identity: AnswerIdentity;
  request: ClientRequest;
  billed: Billed;
}

/** A provider's hand in bodies of a dialect that passes through. */
export interface NativeUpstream {
  /** False for a body that this model answers only in another dialect, into which it is then translated. */
  takes?(body: JsonObject): boolean;
  /** What this provider needs changed in a body; `dropped` are parameters that it does not know. */
  edits(body: JsonObject, target: Target): BodyEdits & { dropped: readonly string[] };
  /** The provider's habits made ordinary, in whole answers and in the events of a stream (may change in place). */
  readAnswer?(answer: JsonObject): JsonObject;
  /** Does not look at what a text says: of chunks that differ in that alone not every one is read. */
  readChunk?(chunk: JsonObject): JsonObject;
  /** A `readChunk` for one stream alone, where what a chunk means depends on those before it. */
  chunkReader?(): (chunk: JsonObject) => JsonObject;
}

/** A provider's own shape of what the client asks for: the whole body is written anew, and so is the answer. */
export interface AdaptedUpstream {
  /** `dropped` are the parameters that it has no word for. Throws GapuraError: content_unsupported, invalid_field. */
  write(body: JsonObject, target: Target): { body: JsonObject; dropped: readonly string[] };
  /** The answer in the client's dialect; undefined when it is none. Some say in a header what was used. */
  readAnswer(answer: JsonObject, headers: HeaderFields): JsonObject | undefined;
}

/** Reads one upstream stream. */
export interface EventReader {
  /** The canonical events that one upstream event stands for, maybe none; undefined when it cannot be read. */
  accept(data: string): CanonicalEvent[] | undefined;
}

/** A dialect as one provider speaks it. */
export interface UpstreamDialect {
  readonly name: DialectName;
  /** How events are divided in a stream. */
  readonly framing: "sse" | "aws-event-stream";
  /** For clients of the same dialect; absent where their bodies are better translated. */
  readonly native?: NativeUpstream;
  /** For clients of a dialect that is never streamed (embeddings, rerank), where the provider has a shape of its own. */
  readonly adapted?: AdaptedUpstream;
  /** For clients of other dialects. */
  readonly canonical?: {
    /** The body for this provider, and the parameters that it has no word for, by OpenRouter's name. */
    write(request: CanonicalRequest, target: Target): { body: JsonObject; dropped: readonly string[] };
    /** The events that a whole answer stands for, without `end`; undefined when it is no answer. */
    readAnswer(answer: JsonValue): CanonicalEvent[] | undefined;
    reader(): EventReader;
  };
}
