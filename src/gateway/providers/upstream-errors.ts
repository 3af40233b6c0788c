/** Turns an upstream refusal into an error of the table: what the client may know, and whether another may do better. */
import { credentialFields } from "../../catalog/vendors/fields.ts";
import { type ErrorCode, GapuraError } from "../../kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, parseJson, stringField } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { TransportError } from "../transport/transport.ts";

/** How much of an upstream error's body is read, and how much of its message is shown. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
/** A region or a project's name is shorter, or may be shown. */
const MIN_SECRET_PART = 16;
const DEFAULT_WAIT_SECONDS = 5;
const MAX_WAIT_SECONDS = 60;
/** This endpoint cannot do what is asked; another one may. */
const UNSUITABLE: ReadonlySet<ErrorCode> = new Set([
  "endpoint_unsuitable",
  "parameters_unsupported",
  "content_unsupported",
]);
const KEY_LIKE = /\b(?:sk|gpr|gprm|pk|rk|key|gsk|xai|AIza)[-_][\w-]{6,}/g;

export interface UpstreamRefusal {
  status: number;
  message: string;
  retryAfterSeconds: number | null;
}

/** Reads status, message and Retry-After of a refusal. The message is bounded and holds nothing that looks like a key. */
export async function readRefusal(
  answer: Response,
  credential: Secret | null,
  nowMs: number,
): Promise<UpstreamRefusal> {
  const text = await readBounded(answer);
  const parsed = parseJson(text);
  const said = parsed.ok ? parsed.value : null;
  // Some wrap the one error of an answer in a list.
  const first = Array.isArray(said) ? said[0] : said;
  const body = isJsonObject(first) ? first : {};
  const error = objectField(body, "error");
  const raw =
    (error ? stringField(error, "message") : stringField(body, "error")) ?? stringField(body, "message") ?? "";
  const message = withoutKeys(raw, credential);
  const header = answer.headers.get("retry-after") ?? retryDelay(error);
  return { status: answer.status, message, retryAfterSeconds: retryAfter(header, nowMs) };
}

/** What a provider says, bounded, without its own credential and without anything that looks like a key. */
export function withoutKeys(message: string, credential: Secret | null): string {
  const own = credential === null ? [] : [credential.reveal(), ...partsOf(credential)];
  const withoutOwn = own.reduce((text, part) => (part === "" ? text : text.replaceAll(part, "[key]")), message);
  return withoutOwn.replace(KEY_LIKE, "[key]").slice(0, MAX_MESSAGE);
}

/** The parts of a credential of several fields that are long enough to be secret. */
function partsOf(credential: Secret): string[] {
  return Object.values(credentialFields(credential)).filter((part) => part.length >= MIN_SECRET_PART);
}

/** The wait that an error names in its details: `{"retryDelay": "13s"}`, as seconds. */
function retryDelay(error: JsonObject | undefined): string | null {
  for (const detail of error ? arrayField(error, "details") : []) {
    const delay = isJsonObject(detail) ? stringField(detail, "retryDelay") : undefined;
    if (delay !== undefined) return delay.replace(/s$/, "");
  }
  return null;
}

/** The client's error for a refusal by `provider`. */
export function refusalError(provider: string, refusal: UpstreamRefusal): GapuraError {
  const code = codeFor(refusal.status);
  const seconds = refusal.retryAfterSeconds ?? DEFAULT_WAIT_SECONDS;
  const showsReason = code !== "provider_auth" && refusal.message !== "";
  return new GapuraError(code, {
    values: { provider, seconds, reason: refusal.message || `status ${refusal.status}` },
    metadata: {
      provider_name: provider,
      upstream_status: refusal.status,
      ...(showsReason ? { raw: refusal.message } : {}),
    },
    ...(code === "provider_rate_limited" || code === "provider_overloaded" ? { retryAfterSeconds: seconds } : {}),
  });
}

/** The client's error for a provider that gave no answer at all. */
export function transportFailure(provider: string, error: TransportError): GapuraError {
  const code = error.kind === "timeout" ? "provider_timeout" : "provider_unavailable";
  return new GapuraError(code, { values: { provider }, metadata: { provider_name: provider }, cause: error });
}

/** True when another endpoint may succeed where this one failed; false for what is wrong with the request itself. */
export function isWorthAnother(error: GapuraError): boolean {
  if (UNSUITABLE.has(error.code)) return true;
  return error.code !== "provider_refused" && error.code.startsWith("provider_");
}

/** Retry-After in seconds or as a date, bounded; null when it is absent or makes no sense. */
export function retryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
}

function codeFor(status: number): ErrorCode {
  if (status === 401 || status === 402 || status === 403) return "provider_auth";
  if (status === 408 || status === 504 || status === 524) return "provider_timeout";
  if (status === 429) return "provider_rate_limited";
  // The model failed, not the request.
  if (status === 424) return "provider_unavailable";
  if (status === 503 || status === 529) return "provider_overloaded";
  return status >= 400 && status < 500 ? "provider_refused" : "provider_unavailable";
}

async function readBounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of answer.body ?? []) {
      parts.push(part);
      length += part.length;
      if (length >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status says enough; a body that broke off adds nothing.
  }
  return Buffer.concat(parts).subarray(0, MAX_ERROR_BYTES).toString("utf8");
}
