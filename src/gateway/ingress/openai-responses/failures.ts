/** Failures in the words of the Responses API: a few codes, in `response.error` and in `error` events. */
import type { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";

/** A failure that a provider tells of inside a stream or an answer. */
export interface ResponseFailure {
  /** Of the HTTP answer that would have said the same. */
  status: number;
  message: string;
}

/** What the codes mean as HTTP statuses; the first that fits. */
const STATUSES: readonly [RegExp, number][] = [
  [/rate_limit|too_many|quota/, 429],
  [/overloaded|slow_down/, 503],
  [/timeout/, 504],
  [/^(?:server_error|internal)/, 502],
  [/invalid|image|file|policy|context_length|string_above|unsupported|prompt/, 400],
];
const MAX_MESSAGE = 300;

/** The failure that a response of status "failed" or an `error` event tells of; undefined for anything else. */
export function failureOf(event: JsonObject): ResponseFailure | undefined {
  if (event.type === "error") return readFailure(objectField(event, "error") ?? event);
  const response = event.type === "response.failed" ? objectField(event, "response") : event;
  if (response?.status !== "failed") return undefined;
  return readFailure(isJsonObject(response.error) ? response.error : {});
}

function readFailure(error: JsonObject): ResponseFailure {
  const code = stringField(error, "code") ?? stringField(error, "type") ?? "";
  const status = STATUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 502;
  return { status, message: (stringField(error, "message") ?? code).slice(0, MAX_MESSAGE) };
}

/** The code of the few that clients know which is nearest to an error of ours. */
export function failureCode(error: GapuraError): "rate_limit_exceeded" | "invalid_prompt" | "server_error" {
  const status = typeof error.metadata?.upstream_status === "number" ? error.metadata.upstream_status : error.status;
  if (status === 429) return "rate_limit_exceeded";
  return status >= 400 && status < 500 ? "invalid_prompt" : "server_error";
}

/** What went wrong, with the provider's own words where they may be shown. */
export function failureMessage(error: GapuraError): string {
  const raw = error.metadata?.raw;
  return typeof raw === "string" && raw !== "" ? `${error.message} (${raw})` : error.message;
}
