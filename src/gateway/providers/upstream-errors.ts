/** Turns an upstream refusal into an error of the table: what the client may know, and whether another may do better. */
import { credentialFields } from "../../catalog/vendors/fields.ts";
import { type ErrorCode, GapuraError } from "../../kernel/errors.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { Answer } from "../transport/answer.ts";
import type { TransportError } from "../transport/transport.ts";
import { meaningOf, type RefusalMeaning } from "./refusal-meaning.ts";
import { refusalText } from "./refusal-text.ts";
import { retryAfter, statedWait } from "./retry-after.ts";

/** How much of an upstream error's body is read, and how much of its message is shown. */
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_MESSAGE = 500;
/** A region or a project's name is shorter, or may be shown. */
const MIN_SECRET_PART = 16;
const DEFAULT_WAIT_SECONDS = 5;
/** This endpoint cannot do what is asked; another one may. */
const UNSUITABLE: ReadonlySet<ErrorCode> = new Set([
  "endpoint_unsuitable",
  "parameters_unsupported",
  "content_unsupported",
]);
/** Statuses of a refusal that speak of this provider, not of the request. */
const ELSEWHERE: ReadonlySet<number> = new Set([404, 413]);
const KEY_LIKE =
  /\b(?:sk|gpr|gprm|pk|rk|key|gsk|xai)[-_][\w-]{6,}|\b(?:hf|nvapi|csk|pplx)[-_][\w-]{16,}|\bAIza[\w-]{20,}/g;

export interface UpstreamRefusal {
  status: number;
  message: string;
  /** The words and numbers by which programs know the error, in lower case. */
  codes?: string;
  retryAfterSeconds: number | null;
}

/** Reads status, message and Retry-After of a refusal. The message is bounded and holds nothing that looks like a key. */
export async function readRefusal(answer: Answer, credential: Secret | null, nowMs: number): Promise<UpstreamRefusal> {
  const text = await readBounded(answer);
  const { message, codes } = refusalText(text);
  const wait = statedWait(answer.headers, nowMs) ?? retryAfter(retryDelay(text), nowMs);
  return { status: answer.status, message: withoutKeys(message, credential), codes, retryAfterSeconds: wait };
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

/** The wait that an error names in its details: `{"retryDelay": "13s"}`. */
function retryDelay(text: string): string | null {
  return /"retryDelay"\s*:\s*"([\w.]{1,20})"/.exec(text)?.[1] ?? null;
}

/** The client's error for a refusal by `provider`. */
export function refusalError(provider: string, refusal: UpstreamRefusal): GapuraError {
  const code = codeFor(refusal);
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
  // Another provider of the same model may give it a longer context.
  if (error.code === "prompt_too_long") return true;
  // It does not know the model that it is said to serve, or takes less at once than others do.
  if (error.code === "provider_refused") return ELSEWHERE.has(Number(error.metadata?.upstream_status));
  return error.code.startsWith("provider_");
}

const CODES: Readonly<Record<RefusalMeaning, ErrorCode>> = {
  context: "prompt_too_long",
  content: "content_refused",
  funds: "provider_auth",
  rate: "provider_rate_limited",
};

function codeFor(refusal: UpstreamRefusal): ErrorCode {
  const { status } = refusal;
  const meaning = meaningOf(refusal);
  if (meaning !== null) return CODES[meaning];
  if (status === 401 || status === 402 || status === 403) return "provider_auth";
  if (status === 408 || status === 504 || status === 524) return "provider_timeout";
  if (status === 429) return "provider_rate_limited";
  // The model failed, not the request.
  if (status === 424) return "provider_unavailable";
  if (status === 503 || status === 529) return "provider_overloaded";
  return status >= 400 && status < 500 ? "provider_refused" : "provider_unavailable";
}

async function readBounded(answer: Answer): Promise<string> {
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
