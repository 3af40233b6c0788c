/** A price as the operator writes it in the file, in dollars, and as requests are charged with it. */
import { z } from "zod";
import { PRICE_VERSIONS } from "../catalog/own-prices.ts";
import type { Price, PriceOverride, PriceRates } from "../catalog/price.ts";
import { DAY_NAMES, type PriceCondition, type UtcHours } from "../catalog/price-conditions.ts";
import { texts, usdValue, valueSchema, wholeNumber } from "./values.ts";

/** The words of the file for the rates, all in dollars per million tokens. */
const SPECIAL_WORDS = {
  cacheRead: "cachedPromptNanoPerMillion",
  cacheReadAudio: "cachedAudioNanoPerMillion",
  cacheWrite: "cacheWriteNanoPerMillion",
  cacheWrite1h: "cacheWrite1hNanoPerMillion",
  reasoning: "reasoningNanoPerMillion",
  audioPrompt: "audioPromptNanoPerMillion",
  audioCompletion: "audioCompletionNanoPerMillion",
  imagePrompt: "imagePromptNanoPerMillion",
  imageCompletion: "imageCompletionNanoPerMillion",
  videoPrompt: "videoPromptNanoPerMillion",
} as const satisfies Record<string, keyof PriceRates>;

const special = {
  cacheRead: usdValue.optional(),
  cacheReadAudio: usdValue.optional(),
  cacheWrite: usdValue.optional(),
  cacheWrite1h: usdValue.optional(),
  reasoning: usdValue.optional(),
  audioPrompt: usdValue.optional(),
  audioCompletion: usdValue.optional(),
  imagePrompt: usdValue.optional(),
  imageCompletion: usdValue.optional(),
  videoPrompt: usdValue.optional(),
};

/** Hours of the UTC day, like "22:30-06:00". */
const hoursValue = valueSchema((raw) => {
  const match = /^(\d{1,2}):(\d\d) ?- ?(\d{1,2}):(\d\d)$/.exec(typeof raw === "string" ? raw.trim() : "");
  const [startMinute, endMinute] = match
    ? [minuteOf(match[1], match[2]), minuteOf(match[3], match[4])]
    : [undefined, undefined];
  if (startMinute === undefined || endMinute === undefined || startMinute === endMinute) {
    return { wrong: 'these are no hours of the UTC day like "22:30-06:00"' };
  }
  const hours: UtcHours = { startMinute, endMinute };
  return { value: hours };
});

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= 24 * 60 ? minute : undefined;
}

/** A day like 2027-01-31, at whose beginning in UTC a price comes into force. */
const dayValue = valueSchema((raw) => {
  const text = raw instanceof Date ? raw.toISOString().slice(0, 10) : raw;
  const timeMs = typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? { wrong: "this is no day like 2027-01-31" } : { value: timeMs };
});

const fileOverrideSchema = z
  .strictObject({
    abovePromptTokens: wholeNumber({ minimum: 1, maximum: 1_000_000_000 }).optional(),
    hours: hoursValue.optional(),
    days: texts.pipe(z.array(z.enum(DAY_NAMES)).min(1, "name at least one")).optional(),
    from: dayValue.optional(),
    prompt: usdValue.optional(),
    completion: usdValue.optional(),
    ...special,
  })
  .refine(
    ({ abovePromptTokens, hours, days, from }) =>
      [abovePromptTokens, hours, days, from].some((said) => said !== undefined),
    "say when it holds: abovePromptTokens, hours, days or from",
  );

/** Dollars per million tokens; `request`, `webSearch` and `fileSearch` for each. */
export const filePriceSchema = z.strictObject({
  prompt: usdValue,
  completion: usdValue,
  ...special,
  request: usdValue.optional(),
  webSearch: usdValue.optional(),
  fileSearch: usdValue.optional(),
  overrides: z.array(fileOverrideSchema).max(100).optional(),
});
type FilePrice = z.output<typeof filePriceSchema>;
type FileOverride = z.output<typeof fileOverrideSchema>;

export function priceOf(price: FilePrice): Price {
  return {
    version: PRICE_VERSIONS.file,
    promptNanoPerMillion: price.prompt,
    completionNanoPerMillion: price.completion,
    cachedPromptNanoPerMillion: null,
    ...specialRates(price),
    overrides: (price.overrides ?? []).map(overrideOf),
    requestNano: price.request ?? null,
    webSearchNano: price.webSearch ?? null,
    fileSearchNano: price.fileSearch ?? null,
  };
}

function overrideOf(entry: FileOverride): PriceOverride {
  const { abovePromptTokens, hours, days, from, prompt, completion } = entry;
  const when: PriceCondition = { abovePromptTokens, hours, fromMs: from };
  return {
    when: days === undefined ? when : { ...when, days: days.map((day) => DAY_NAMES.indexOf(day)) },
    rates: {
      ...(prompt === undefined ? {} : { promptNanoPerMillion: prompt }),
      ...(completion === undefined ? {} : { completionNanoPerMillion: completion }),
      ...specialRates(entry),
    },
  };
}

function specialRates(from: FilePrice | FileOverride): Partial<PriceRates> {
  const values: Record<string, unknown> = from;
  const rates: Partial<PriceRates> = {};
  for (const [word, field] of Object.entries(SPECIAL_WORDS)) {
    const amount = values[word];
    if (typeof amount === "bigint") rates[field] = amount;
  }
  return rates;
}
