/**
 * From a request to a checked JSON object. Whatever comes in is answered with an error of the table or taken; nothing
 * of it holds up other requests for long: a large body is worked on in steps, between which others have their turn.
 */
import { systemClock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../kernel/json.ts";
import { LARGE_BODY_BYTES, nextTurn } from "../../kernel/next-turn.ts";
import { type Deadline, Deadlines } from "../deadlines.ts";
import { type BodyScan, BodyScanner, type FieldSpan } from "./body-scan.ts";
import { duplicateMember } from "./duplicate-members.ts";

export interface BodyLimits {
  maxBytes: number;
  maxDepth: number;
  /** Until the last byte is there. */
  arrivalTimeoutMs?: number;
}

/** A client's JSON object: the bytes as they came, where its fields stand, and what they mean. */
export interface JsonBody {
  bytes: Uint8Array<ArrayBuffer>;
  fields: FieldSpan[];
  value: JsonObject;
}

/** Ten megabytes at less than a megabit per second. */
const ARRIVAL_TIMEOUT_MS = 120_000;
/** Of the bodies that are awaited. */
const arrivals = new Deadlines(systemClock);
const SCAN_STEP_BYTES = 2 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a request's body once, within its limits. Throws GapuraError: body_too_large, body_compressed, body_encoding,
 * body_too_deep, body_too_complex, body_late, duplicate_field, invalid_json, body_not_object.
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<JsonBody> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") throw new GapuraError("body_compressed");
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limits.maxBytes) throw tooLarge(limits);
  const bytes = await readBytes(request, limits);
  return bytes.length < LARGE_BODY_BYTES ? parseBody(bytes, limits) : await parseLarge(bytes, limits);
}

async function parseLarge(bytes: Uint8Array<ArrayBuffer>, limits: BodyLimits): Promise<JsonBody> {
  const steps = parseInSteps(bytes, limits);
  for (;;) {
    const { done, value } = steps.next();
    await nextTurn();
    if (done) return value;
  }
}

/** The pure part of reading: bytes in, checked object out. Throws as readJsonBody does. */
export function parseBody(bytes: Uint8Array<ArrayBuffer>, limits: BodyLimits): JsonBody {
  const steps = parseInSteps(bytes, limits);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function* parseInSteps(bytes: Uint8Array<ArrayBuffer>, limits: BodyLimits): Generator<undefined, JsonBody> {
  const scanner = new BodyScanner(bytes, limits.maxDepth);
  let scan = scanner.run(SCAN_STEP_BYTES);
  while (scan === undefined) {
    yield;
    scan = scanner.run(SCAN_STEP_BYTES);
  }
  if (!scan.ok && scan.problem !== "not-object") throw scanError(scan, limits);
  yield;
  const text = decode(bytes);
  yield;
  const parsed = parseJson(text);
  if (!parsed.ok) throw new GapuraError("invalid_json", { values: { reason: parsed.reason } });
  if (!scan.ok || !isJsonObject(parsed.value)) throw new GapuraError("body_not_object");
  const { fields } = scan;
  yield;
  const field = duplicateMember(bytes, fields, parsed.value);
  if (field !== undefined) throw new GapuraError("duplicate_field", { values: { field }, metadata: { field } });
  return { bytes, fields, value: parsed.value };
}

type Refusal = Exclude<BodyScan, { ok: true } | { problem: "not-object" }>;

function scanError(refused: Refusal, limits: BodyLimits): GapuraError {
  if (refused.problem === "too-much") {
    return new GapuraError("body_too_complex", { values: { limit: refused.limit, what: refused.what } });
  }
  if (refused.problem === "duplicate") {
    const { field } = refused;
    return new GapuraError("duplicate_field", { values: { field }, metadata: { field } });
  }
  return new GapuraError("body_too_deep", { values: { limit: limits.maxDepth } });
}

function readBytes(request: Request, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const timeoutMs = limits.arrivalTimeoutMs ?? ARRIVAL_TIMEOUT_MS;
  // No more than what was announced can come.
  const isAnnounced = request.headers.has("content-length");
  const coming: Promise<ArrayBuffer> = isAnnounced ? request.arrayBuffer() : readUnannounced(request, limits);
  return new Promise((resolve, reject) => {
    const late = () => {
      reject(new GapuraError("body_late", { values: { seconds: Math.round(timeoutMs / 1000) } }));
    };
    const deadline: Deadline = { dueMs: systemClock.monotonicMs() + timeoutMs, onDue: late };
    arrivals.add(deadline);
    coming.then(
      (bytes) => {
        arrivals.remove(deadline);
        resolve(new Uint8Array(bytes));
      },
      (cause) => {
        arrivals.remove(deadline);
        reject(cause instanceof GapuraError ? cause : brokenOff(cause));
      },
    );
  });
}

function brokenOff(cause: unknown): GapuraError {
  return new GapuraError("invalid_json", { values: { reason: "it ended before it was complete" }, cause });
}

async function readUnannounced(request: Request, limits: BodyLimits): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > limits.maxBytes) throw tooLarge(limits);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts)).buffer;
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new GapuraError("body_encoding", { cause });
  }
  if (!text.startsWith("\ufeff")) return text;
  throw new GapuraError("invalid_json", { values: { reason: "it begins with a byte order mark" } });
}

function tooLarge(limits: BodyLimits): GapuraError {
  return new GapuraError("body_too_large", { values: { limit: limits.maxBytes } });
}
