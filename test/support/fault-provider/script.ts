/**
 * What the fault-injecting provider does with one request, as plain data: a test sets it, or the request itself carries
 * it. Every part has a harmless default, so that a script says only what goes wrong.
 */
import { isJsonObject, type JsonValue, parseJson } from "../../../src/kernel/json.ts";
import type { Random } from "../fuzz/random.ts";

export interface FaultScript {
  /** Anything but 200 is a refusal with a JSON body in OpenAI's form. */
  status: number;
  /** Headers of the answer beside its type and framing; `retry-after` for example. */
  headers: Readonly<Record<string, string>>;
  /** The message of a refusal. */
  message: string;
  /** Words of the answer, one to a chunk. */
  tokens: number;
  /** Each word has this many bytes, in every script of the world when `unicode`. Four bytes are a token by the rule of thumb. */
  tokenBytes: number;
  unicode: boolean;
  /** Milliseconds before the head, before the first chunk, and between chunks. */
  headersDelayMs: number;
  firstDelayMs: number;
  betweenMs: number;
  /** Waits behind this many words until the test says `go`; null for never. */
  holdAfterTokens: number | null;
  framing: "chunked" | "length" | "close";
  /** What is added to the length that is announced, or to each chunk's. */
  lengthOffBy: number;
  /** The body goes out in pieces of so many bytes; null for as they come. */
  dripBytes: number | null;
  /** Where the answer stops: before a byte, inside the head, or behind so many bytes of the body; null for never. */
  cutAt: "start" | "head" | number | null;
  /** What happens where it stops. `stall` leaves the connection open and says nothing more. */
  cutBy: "fin" | "rst" | "stall";
  /** How a stream is written. */
  lineEnd: "\n" | "\r\n" | "\r" | "mixed";
  comments: boolean;
  multiLine: boolean;
  bom: boolean;
  /** No empty line behind the last event. */
  unfinishedLine: boolean;
  usage: "right" | "missing" | "negative" | "absurd" | "twice" | "early";
  done: "once" | "missing" | "twice";
  finish: boolean;
  /** Begins with an event that names only the role. */
  role: boolean;
  /** Instead of the word with this number, from 0, something else comes. */
  instead: { token: number; of: "invalid-json" | "error" | "not-an-object" | "long-line" | "garbage" } | null;
}

export const WHOLE_ANSWER: FaultScript = {
  status: 200,
  headers: {},
  message: "The provider was told to fail.",
  tokens: 8,
  tokenBytes: 4,
  unicode: false,
  headersDelayMs: 0,
  firstDelayMs: 0,
  betweenMs: 0,
  holdAfterTokens: null,
  framing: "chunked",
  lengthOffBy: 0,
  dripBytes: null,
  cutAt: null,
  cutBy: "fin",
  lineEnd: "\n",
  comments: false,
  multiLine: false,
  bom: false,
  unfinishedLine: false,
  usage: "right",
  done: "once",
  finish: true,
  role: false,
  instead: null,
};

/** The header, and the field of a body, that hold a script as JSON. A gateway passes on fields that it does not know. */
export const FAULT_HEADER = "x-fault";
export const FAULT_FIELD = "fault";

/** A script out of JSON, its unknown members left out; undefined for what is none. */
export function readScript(value: JsonValue | undefined): Partial<FaultScript> | undefined {
  if (!isJsonObject(value)) return undefined;
  const known = Object.entries(value).filter(([name]) => name in WHOLE_ANSWER);
  return Object.fromEntries(known) as Partial<FaultScript>;
}

/** The same out of the text of a header. */
export function readScriptText(text: string | undefined): Partial<FaultScript> | undefined {
  const parsed = text === undefined ? undefined : parseJson(text);
  return parsed?.ok ? readScript(parsed.value) : undefined;
}

/** Any misbehaviour that leaves every word whole; what a stream means must not depend on how it is written. */
export function anyForm(random: Random): Partial<FaultScript> {
  return {
    unicode: random.chance(0.5),
    framing: random.pick(["chunked", "close"]),
    dripBytes: random.pick([null, 1, 2, 3, 7, 64]),
    lineEnd: random.pick(["\n", "\r\n", "\r", "mixed"]),
    comments: random.chance(0.5),
    multiLine: random.chance(0.5),
    bom: random.chance(0.3),
    unfinishedLine: random.chance(0.3),
    done: random.pick(["once", "missing", "twice"]),
    usage: random.pick(["right", "missing", "twice", "early"]),
    role: random.chance(0.5),
  };
}
