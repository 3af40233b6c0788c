/** How an answer begins: read whole, or as the first events of a stream, and refused when it is none. */
import type { Endpoint } from "../../catalog/catalog.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject, type JsonObject } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AnswerIdentity, AnswerNotes, StreamTranslator, UpstreamDialect } from "../canonical/dialects.ts";
import type { CanonicalEvent } from "../canonical/events.ts";
import { parseUpstreamJson } from "../ingress/upstream-json.ts";
import type { Outgoing } from "../prepare.ts";
import { refusalError, withoutKeys } from "../providers/upstream-errors.ts";
import { framings } from "../relay/framing.ts";
import { NotedEvents, TranslatedStream } from "../relay/translated-stream.ts";
import { UpstreamEvents } from "../relay/upstream-events.ts";
import type { Answer } from "../transport/answer.ts";
import { boundedText } from "../transport/bounded-text.ts";
import { beginningOf, type EventSource, Hold, type Opening, resumed } from "./hold-back.ts";

/** What a provider said that answered as a whole: in the client's own dialect, or as canonical events. */
export type Whole = { kind: "whole"; notes: AnswerNotes } & (
  | { answer: JsonObject; events?: undefined }
  | { events: readonly CanonicalEvent[]; answer?: undefined }
);

/** A stream whose first word is there, or that has been waited for long enough. */
export interface Begun {
  kind: "stream";
  events: EventSource;
  firstBatch: string[];
  upstream: UpstreamDialect;
}

export interface Asked {
  outgoing: Outgoing;
  upstream: UpstreamDialect;
  endpoint: Endpoint;
  secret: Secret | null;
}

/** An answer that is not streamed may be this long. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The translator of a stream from `upstream` to the client. */
export function newTranslator(
  { client, request }: Outgoing,
  upstream: UpstreamDialect,
  identity: AnswerIdentity,
): StreamTranslator {
  if (upstream.name === client.name && upstream.native && client.native.stream) {
    return client.native.stream(identity, upstream.native);
  }
  if (!upstream.canonical || !client.canonical) throw new Error("prepared for a dialect that cannot be translated");
  return new TranslatedStream(upstream.canonical.reader(), client.canonical.writer(identity, request));
}

/** Throws GapuraError for an answer that cannot be read or that tells of a failure, and AnswerTooLong. */
export async function readWhole(asked: Asked, answer: Answer): Promise<Whole> {
  const { outgoing, upstream, endpoint } = asked;
  const { client, request } = outgoing;
  const text = boundedText(answer, MAX_ANSWER_BYTES);
  const parsed = parseUpstreamJson(typeof text === "string" ? text : await text);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw unreadable(endpoint.providerName);
  if (upstream.name === client.name && (upstream.native || upstream.adapted)) {
    const own = upstream.adapted
      ? upstream.adapted.readAnswer(parsed.value, answer.headers)
      : (upstream.native?.readAnswer?.(parsed.value) ?? parsed.value);
    const notes = own && client.native.readAnswer(own, request);
    if (!notes) throw unreadable(endpoint.providerName);
    if (notes.failure) throw toldFailure(asked, notes.failure);
    return { kind: "whole", notes, answer: own };
  }
  const events = upstream.canonical?.readAnswer(parsed.value);
  if (!events) throw unreadable(endpoint.providerName);
  const failed = events.find((event) => event.kind === "failure");
  if (failed) throw toldFailure(asked, failed);
  const notes = new NotedEvents();
  for (const event of events) notes.add(event);
  return { kind: "whole", notes, events };
}

/** For a reader that is thrown away: nobody sees what it writes. */
const NOBODY: AnswerIdentity = { generationId: "", model: "", provider: "", createdSeconds: 0, requestId: "" };

/**
 * Waits for the first word, so that a provider that fails before it can still be answered with a real status, or by
 * another provider. Events that say nothing, such as one that names only the role, are held back for so long.
 */
export async function openStream(asked: Asked, answer: Answer, opening: Opening): Promise<Begun> {
  const { outgoing, upstream, endpoint } = asked;
  const framing = framings[upstream.framing];
  const type = answer.headers.get("content-type") ?? "";
  if (answer.body === null || !type.includes(framing.contentType)) throw unreadable(endpoint.providerName);
  const events = new UpstreamEvents(answer.body, framing.splitter());
  const reader = newTranslator(outgoing, upstream, NOBODY);
  const hold = new Hold(opening);
  try {
    const { firstBatch, judgement, pending } = await beginningOf(events, { reader, hold });
    if (typeof judgement === "string") {
      return { kind: "stream", events: pending ? resumed(events, pending) : events, firstBatch, upstream };
    }
    await events.close();
    throw judgement.kind === "failed" ? toldFailure(asked, judgement) : unreadable(endpoint.providerName);
  } finally {
    hold.end();
  }
}

/** The error for a failure that came with a good status. */
function toldFailure(
  { endpoint, secret }: Asked,
  { status, message }: { status: number; message: string },
): GapuraError {
  const shown = withoutKeys(message, secret);
  return refusalError(endpoint.providerName, { status, message: shown, retryAfterSeconds: null });
}

export function unreadable(provider: string): GapuraError {
  return new GapuraError("provider_invalid_response", { values: { provider }, metadata: { provider_name: provider } });
}
