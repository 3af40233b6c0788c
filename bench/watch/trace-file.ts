/**
 * A trace that somebody else wrote: JSON lines `{t, key, ip, model, status, cost_nano, user_agent, label?}`, in any order. `t`
 * is epoch milliseconds or a date, `label` the thief's class on calls that are not the owner's, and absent, null, empty or
 * "owner" on the others. Refused calls (`status` of 400 and above) cost nothing and teach nothing, so they are passed over,
 * as in production.
 *
 * Invariants: memory is bounded by MOST_CALLS and LONGEST_LINE, whatever the file is. Failure modes: a TraceError that names
 * the first lines that cannot be read, and why.
 */
import { createReadStream } from "node:fs";
import { z } from "zod";
import type { LabelledSample } from "./generate.ts";

const NANO = 1e9;
/** About a hundred bytes each. */
export const MOST_CALLS = 3_000_000;
const LONGEST_LINE = 65_536;
const MOST_COMPLAINTS = 5;
/** In 1973 nobody called models: what is smaller was meant as seconds. */
const EARLIEST_MS = 1e11;
const BYTE_ORDER_MARK = "\uFEFF";

export class TraceError extends Error {
  override readonly name = "TraceError";
}

const time = z.union([z.number(), z.string()]).transform((value, context) => {
  const atMs = typeof value === "number" ? value : Date.parse(value);
  if (atMs >= EARLIEST_MS) return atMs;
  const what = Number.isNaN(atMs) ? "no date" : "too early; milliseconds since 1970 are meant";
  context.issues.push({ code: "custom", message: `is ${what}`, input: value });
  return z.NEVER;
});

const line = z.object({
  t: time,
  key: z.string().min(1),
  ip: z.string().nullish(),
  model: z.string().nullish(),
  status: z.number().default(200),
  cost_nano: z.union([z.number(), z.string()]).default(0).transform(Number).pipe(z.number().nonnegative()),
  user_agent: z.string().nullish(),
  label: z.string().nullish(),
});

/** The samples of each key, in the order of time. */
export async function readTrace(file: string): Promise<Map<string, LabelledSample[]>> {
  const byKey = new Map<string, LabelledSample[]>();
  const once = sharedTexts();
  const complaints: string[] = [];
  let number = 0;
  let calls = 0;
  for await (const text of linesOf(file)) {
    number++;
    if (text.trim() === "") continue;
    const read = line.safeParse(parsed(text));
    if (!read.success) {
      complaints.push(`line ${number}: ${complaintOf(read.error)}`);
      if (complaints.length === MOST_COMPLAINTS) break;
      continue;
    }
    if (read.data.status >= 400) continue;
    if (++calls > MOST_CALLS) {
      throw new TraceError(`line ${number}: more than ${MOST_CALLS} calls. Cut the trace, for example by key.`);
    }
    const sample = sampleOf(read.data, once);
    const known = byKey.get(sample.keyId);
    if (known) known.push(sample);
    else byKey.set(sample.keyId, [sample]);
  }
  if (complaints.length > 0) throw new TraceError(`the trace cannot be read:\n${complaints.join("\n")}`);
  if (calls === 0) throw new TraceError("the trace holds no call that was answered");
  for (const samples of byKey.values()) samples.sort((one, other) => one.atMs - other.atMs);
  return byKey;
}

/** Without the ends of lines and the mark at the beginning that some programs write. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = "";
  let number = 0;
  for await (const chunk of createReadStream(file, "utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const each of lines) yield ++number === 1 ? each.replace(BYTE_ORDER_MARK, "") : each;
    if (rest.length > LONGEST_LINE) {
      throw new TraceError(
        `line ${number + 1}: longer than ${LONGEST_LINE} characters. Each call has a line of its own.`,
      );
    }
  }
  yield number === 0 ? rest.replace(BYTE_ORDER_MARK, "") : rest;
}

function sampleOf(read: z.infer<typeof line>, once: (text: string) => string): LabelledSample {
  const { t, key, ip, model, cost_nano: costNano, user_agent: userAgent, label } = read;
  const isOwner = label === undefined || label === null || label === "" || label === "owner";
  return {
    atMs: t,
    keyId: once(key),
    address: ip == null ? null : once(ip),
    model: once(model ?? ""),
    costUsd: costNano / NANO,
    userAgent: userAgent == null ? null : once(userAgent),
    label: isOwner ? null : once(label),
  };
}

/** One copy of each text, since most come again and again. */
function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

/** Nothing for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function complaintOf({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message, ...issue }) => {
      const field = path.join(".");
      if (field === "") return "is no JSON object";
      const isMissing = issue.code === "invalid_type" && issue.input === undefined;
      return `${field} ${isMissing ? "is missing" : message}`;
    })
    .join("; ");
}
