/** The options that bound a key, as they are typed. Each slip is answered with how it is written. */
import { Catalog } from "../catalog/catalog.ts";
import { modelEntriesInput } from "../contract/schemas/allowed-models.ts";
import { capInput, keyNameInput, limitResetSchema, usdTextInput, utcTimeInput } from "../contract/schemas/limits.ts";
import { networkListInput } from "../contract/schemas/networks.ts";
import { meantModel } from "../control/keys/allowed-models.ts";
import type { NanoUsd } from "../kernel/money.ts";
import type { LimitReset } from "../kernel/windows.ts";
import type { RateCaps } from "../storage/stores/keys.ts";
import { type CommandInput, type Option, textOption } from "./command.ts";
import { usageError } from "./exit.ts";

const NONE = "none";

export const keyBoundOptions: Readonly<Record<string, Option>> = {
  limit: { type: "string", placeholder: "<usd>", summary: 'What it may spend, for example 12.5; "none" for no limit' },
  reset: {
    type: "string",
    placeholder: "<period>",
    summary: 'When the limit begins anew: daily, weekly, monthly (00:00 UTC) or "none"',
  },
  expires: {
    type: "string",
    placeholder: "<time>",
    summary: 'When it ends: a day, a UTC time with seconds, or "none"',
  },
  allow: {
    type: "string",
    placeholder: "<addresses>",
    summary: 'From where it may be called: addresses and networks with commas between, "any" or "nobody"',
  },
  models: {
    type: "string",
    placeholder: "<models>",
    summary: 'Which models it may call: models and patterns such as openai/* with commas between, or "any"',
  },
};

/** Which models a key may call: null for "any", undefined when it was not given. */
export function modelsOption(input: CommandInput): string[] | null | undefined {
  const text = textOption(input, "models");
  if (text === undefined || text === "any") return text === undefined ? undefined : null;
  const entries = text.split(",").map((entry) => entry.trim());
  const example = "For example: --models openai/gpt-4o,anthropic/*";
  const checked = modelEntriesInput.safeParse(entries);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw usageError(
      `--models: ${entries[Number(issue?.path[0])] ?? text} ${issue?.message ?? "is not right"}.`,
      example,
    );
  }
  // The server that serves them may not run: what is known of models without it has to do.
  const catalog = new Catalog();
  const ids = (checked.data ?? []).map((entry) => {
    const meant = meantModel(catalog, entry);
    if ("problem" in meant) throw usageError(`--models: ${meant.problem}.`, example);
    return meant.id;
  });
  return [...new Set(ids)];
}

/** From where a key may be called: null for "any", empty for "nobody", undefined when it was not given. */
export function allowOption(input: CommandInput): string[] | null | undefined {
  const text = textOption(input, "allow");
  if (text === undefined || text === "any") return text === undefined ? undefined : null;
  const entries = text === "nobody" ? [] : text.split(",").map((entry) => entry.trim());
  const checked = networkListInput.safeParse(entries);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const entry = entries[Number(issue?.path[0])] ?? text;
  throw usageError(
    `--allow: ${entry} ${issue?.message ?? "is not right"}.`,
    "For example: --allow 203.0.113.7,2001:db8::/32",
  );
}

const CAPS = {
  rpm: "requests in any minute",
  tpm: "tokens in any minute",
  parallel: "calls at the same time",
} as const;

export const keyCapOptions: Readonly<Record<string, Option>> = Object.fromEntries(
  Object.entries(CAPS).map(([name, what]) => [
    name,
    { type: "string", placeholder: "<count>", summary: `The most ${what}; "none" for no cap` } satisfies Option,
  ]),
);

/** The caps that were given: a whole number, or null for "none". */
export function capOptions(input: CommandInput): Partial<RateCaps> {
  const given = Object.keys(CAPS).flatMap((name): [string, number | null][] => {
    const text = textOption(input, name);
    if (text === undefined) return [];
    if (text === NONE) return [[name, null]];
    const checked = capInput.safeParse(/^\d{1,10}$/.test(text) ? Number(text) : text);
    if (checked.success) return [[name, checked.data]];
    throw usageError(`--${name} must be a whole number above zero, or none.`, `For example: --${name} 60`);
  });
  return Object.fromEntries(given);
}

/** Nano-dollars, null for "none", undefined when it was not given. */
export function limitOption(input: CommandInput, shownAs = "--limit"): NanoUsd | null | undefined {
  const text = textOption(input, "limit");
  if (text === undefined || text === NONE) return text === undefined ? undefined : null;
  const checked = usdTextInput.safeParse(text.replace(/^\$/, ""));
  if (checked.success) return checked.data;
  throw usageError(`${shownAs} ${checked.error.issues[0]?.message ?? "is no amount"}.`, `For example: ${shownAs} 12.5`);
}

export function resetOption(input: CommandInput): LimitReset | null | undefined {
  const text = textOption(input, "reset");
  if (text === undefined || text === NONE) return text === undefined ? undefined : null;
  const checked = limitResetSchema.safeParse(text);
  if (checked.success) return checked.data;
  throw usageError("--reset must be daily, weekly, monthly or none.", "For example: --reset monthly");
}

/** Epoch milliseconds, null for "none", undefined when it was not given. A day without a time ends with it, in UTC. */
export function expiryOption(input: CommandInput, nowMs: number): number | null | undefined {
  const text = textOption(input, "expires");
  if (text === undefined || text === NONE) return text === undefined ? undefined : null;
  const checked = utcTimeInput.safeParse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59Z` : text);
  if (!checked.success)
    throw usageError(
      "--expires must be a day or a UTC time with seconds.",
      "For example: --expires 2027-12-31 or --expires 2027-12-31T12:00:00Z",
    );
  if (checked.data <= nowMs) throw usageError(`--expires ${text} has passed already.`);
  return checked.data;
}

/** A description on one line; undefined when it was not given. */
export function nameOption(input: CommandInput): string | undefined {
  const text = textOption(input, "name");
  if (text === undefined) return undefined;
  const checked = keyNameInput.safeParse(text);
  if (checked.success) return checked.data;
  throw usageError("--name needs 1 to 200 characters on one line.");
}
