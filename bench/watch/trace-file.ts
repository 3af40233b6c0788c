/**
 * A trace that somebody else wrote: JSON lines `{t, key, ip, model, status, cost_nano, user_agent, label?}`. `t` is epoch
 * milliseconds or a date, `label` the thief's class on calls that are not the owner's, and absent, null, empty or "owner" on
 * the others. Refused calls (`status` of 400 and above) cost nothing and teach nothing, so they are passed over, as in
 * production.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { LabelledSample } from "./generate.ts";

const NANO = 1e9;

const line = z.object({
  t: z.union([z.number(), z.string()]).transform((value) => (typeof value === "number" ? value : Date.parse(value))),
  key: z.string().min(1),
  ip: z.string().nullish(),
  model: z.string().default(""),
  status: z.number().default(200),
  cost_nano: z.union([z.number(), z.string()]).transform(Number).default(0),
  user_agent: z.string().nullish(),
  label: z.string().nullish(),
});

/** The samples of each key, in the order of time. Rejects with the number of the line that cannot be read. */
export async function readTrace(file: string): Promise<Map<string, LabelledSample[]>> {
  const byKey = new Map<string, LabelledSample[]>();
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    number++;
    if (text.trim() === "") continue;
    const sample = sampleOf(text, number);
    if (sample === null) continue;
    const known = byKey.get(sample.keyId);
    if (known) known.push(sample);
    else byKey.set(sample.keyId, [sample]);
  }
  for (const samples of byKey.values()) samples.sort((one, other) => one.atMs - other.atMs);
  return byKey;
}

function sampleOf(text: string, number: number): LabelledSample | null {
  const read = line.safeParse(parsed(text));
  if (!read.success || !Number.isFinite(read.data.t) || !Number.isFinite(read.data.cost_nano)) {
    const issue = read.success ? "t and cost_nano must be numbers" : z.prettifyError(read.error);
    throw new Error(`line ${number} of the trace cannot be read: ${issue}`);
  }
  const { t, key, ip, model, status, cost_nano: costNano, user_agent: userAgent, label } = read.data;
  if (status >= 400) return null;
  const isOwner = label === undefined || label === null || label === "" || label === "owner";
  return {
    atMs: t,
    keyId: key,
    address: ip ?? null,
    model,
    costUsd: costNano / NANO,
    userAgent: userAgent ?? null,
    label: isOwner ? null : label,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
