/** What bounds a key, as programs and forms send it: amounts, windows, times. Each refusal says what is wanted. */
import { z } from "zod";
import { NANO_PER_USD, type NanoUsd, parseUsd } from "../../kernel/money.ts";
import { LIMIT_RESETS } from "../../kernel/windows.ts";

const MOST_USD = 1_000_000_000n;

/** Dollars as a JSON number, for OpenRouter's API. Comes out as nano-dollars, exactly. */
export const usdNumberInput = z.number().transform((value, context) => toNano(String(value), context));

/** Dollars as a decimal text, for the dashboard. Comes out as nano-dollars, exactly. */
export const usdTextInput = z
  .string()
  .max(40)
  .transform((value, context) => toNano(value, context));

function toNano(text: string, context: z.RefinementCtx): NanoUsd {
  const nano = parseUsd(text);
  const problem = amountProblem(text, nano);
  if (problem === null && nano !== undefined) return nano;
  context.addIssue({ code: "custom", message: problem ?? "is no amount", input: text });
  return z.NEVER;
}

function amountProblem(text: string, nano: NanoUsd | undefined): string | null {
  if (nano === undefined) {
    const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim());
    return isNumber ? "must not have more than 9 decimals" : "must be an amount of US dollars, for example 12.5";
  }
  if (nano < 0n) return "must not be negative";
  return nano > MOST_USD * NANO_PER_USD ? `must not be more than ${MOST_USD}` : null;
}

/** The most of something in a minute, or at the same time: a whole number above zero. */
export const capInput = z.number().int().min(1).max(1_000_000_000);

/** For amounts that must move something: `schema.refine(...aboveZero)`. */
export const aboveZero: [(nano: NanoUsd) => boolean, string] = [(nano) => nano > 0n, "must be above zero"];

export const limitResetSchema = z.enum(LIMIT_RESETS);

/** A UTC time with seconds, as ISO 8601. Comes out as epoch milliseconds. */
export const utcTimeInput = z.string().transform((value, context) => {
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value) ? Date.parse(value) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  if (!Number.isNaN(timeMs) && new Date(timeMs).toISOString().slice(0, 19) === value.slice(0, 19)) return timeMs;
  context.addIssue({
    code: "custom",
    message: 'must be a UTC time with seconds, for example "2027-12-31T23:59:59Z"',
    input: value,
  });
  return z.NEVER;
});

/** The description of a key. */
export const keyNameInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, "must not contain control characters");
