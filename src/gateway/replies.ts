/** What every answer of the data plane carries besides its body. */
import type { GapuraError } from "../kernel/errors.ts";
import type { Call } from "./call.ts";

/** Headers of every answer: security, CORS. */
export interface OwnHeaders {
  headers: Record<string, string>;
}

/** Names the parameters that the provider which answered has no word for, and that it was therefore not sent. */
const DROPPED_HEADER = "x-gapura-dropped-parameters";

/** What is the same in every answer, checked and joined once: that costs more than all that an answer adds. */
const commonHeaders = new WeakMap<Record<string, string>, Headers>();

function commonTo({ headers }: OwnHeaders): Headers {
  const known = commonHeaders.get(headers);
  if (known !== undefined) return known;
  const common = new Headers({ ...headers, "cache-control": "no-store" });
  commonHeaders.set(headers, common);
  return common;
}

interface Reply {
  own: OwnHeaders;
  call: Call;
  status: number;
  contentType: string;
  body: string | ReadableStream<Uint8Array>;
}

function reply({ own, call, status, contentType, body }: Reply): Response {
  const answer = new Response(body, { status, headers: commonTo(own) });
  const { headers } = answer;
  headers.set("content-type", contentType);
  headers.set("x-request-id", call.requestId);
  headers.set("x-generation-id", call.generationId);
  setAll(headers, call.client.headers?.(call.requestId));
  setAll(headers, call.cache?.headers());
  if (call.dropped.length > 0) headers.set(DROPPED_HEADER, headerList(call.dropped));
  return answer;
}

function setAll(headers: Headers, more: Record<string, string> | undefined): void {
  for (const name in more) headers.set(name, more[name] ?? "");
}

/** An answer in events. */
export function eventStream(own: OwnHeaders, call: Call, body: ReadableStream<Uint8Array>): Response {
  return reply({ own, call, status: 200, contentType: "text/event-stream; charset=utf-8", body });
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
  const contentType = "application/json; charset=utf-8";
  const answer = reply({ own, call, status, contentType, body: JSON.stringify(body) });
  setAll(answer.headers, error?.headers);
  if (error?.retryAfterSeconds !== undefined) answer.headers.set("retry-after", String(error.retryAfterSeconds));
  return answer;
}
