/** What every answer of the data plane carries besides its body. */
import type { GapuraError } from "../kernel/errors.ts";
import type { Call } from "./call.ts";

/** Headers of every answer: security, CORS. */
export interface OwnHeaders {
  headers: Record<string, string>;
}

/** Names the parameters that the provider which answered has no word for, and that it was therefore not sent. */
const DROPPED_HEADER = "x-gapura-dropped-parameters";

function answerHeaders(own: OwnHeaders, call: Call): Record<string, string> {
  return {
    ...own.headers,
    "cache-control": "no-store",
    "x-request-id": call.requestId,
    "x-generation-id": call.generationId,
    ...call.client.headers?.(call.requestId),
    ...call.cache?.headers(),
    ...(call.dropped.length === 0 ? {} : { [DROPPED_HEADER]: headerList(call.dropped) }),
  };
}

/** Those of an answer in events. */
export function streamHeaders(own: OwnHeaders, call: Call): Record<string, string> {
  return { ...answerHeaders(own, call), "content-type": "text/event-stream; charset=utf-8" };
}

/** Servers between here and the client take a few kilobytes of headers, and its parameters may have any names. */
const MAX_DROPPED_LENGTH = 1_024;

/** The names with commas between them; "..." stands for those that there is no room for. */
function headerList(names: readonly string[]): string {
  const whole = names.join(", ");
  if (whole.length <= MAX_DROPPED_LENGTH) return whole;
  return `${whole.slice(0, whole.lastIndexOf(", ", MAX_DROPPED_LENGTH - 5))}, ...`;
}

export interface JsonReply {
  status: number;
  body: object;
  /** What the body tells of, where it is one. */
  error?: GapuraError;
}

/** An answer or an error as JSON. */
export function json(own: OwnHeaders, call: Call, { status, body, error }: JsonReply): Response {
  const headers: Record<string, string> = {
    ...answerHeaders(own, call),
    "content-type": "application/json; charset=utf-8",
    ...error?.headers,
  };
  if (error?.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
  return new Response(JSON.stringify(body), { status, headers });
}
