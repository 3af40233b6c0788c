/**
 * A price as JSON: in price books, and behind the version that a charge records, so that any charge can be recomputed.
 * All amounts are whole nano-dollars; rates are per million tokens.
 */
import { z } from "zod";
import { parseJson } from "../../kernel/json.ts";
import type { Price, PriceOverride, PriceRates } from "../price.ts";

const amount = z.int().nonnegative().max(1e15);

/** The words of the JSON for the rates that a price may have beside its two ordinary ones. */
const SPECIAL_FIELDS = {
  cached: "cachedPromptNanoPerMillion",
  cachedAudio: "cachedAudioNanoPerMillion",
  write: "cacheWriteNanoPerMillion",
  write1h: "cacheWrite1hNanoPerMillion",
  audioIn: "audioPromptNanoPerMillion",
  imageIn: "imagePromptNanoPerMillion",
  videoIn: "videoPromptNanoPerMillion",
  reasoning: "reasoningNanoPerMillion",
  audioOut: "audioCompletionNanoPerMillion",
  imageOut: "imageCompletionNanoPerMillion",
} as const satisfies Record<string, keyof PriceRates>;

export type SpecialRate = keyof typeof SPECIAL_FIELDS;
export const SPECIAL_RATES: readonly SpecialRate[] = [
  ...(["cached", "cachedAudio", "write", "write1h", "audioIn", "imageIn", "videoIn"] as const),
  ...(["reasoning", "audioOut", "imageOut"] as const),
];

const minute = z.int().min(0).max(1440);
/** Replaces rates while its conditions hold. What it does not name stays; null is no rate of its own. */
const overrideSchema = z.strictObject({
  prompt: amount.optional(),
  completion: amount.optional(),
  special: z.partialRecord(z.enum(SPECIAL_RATES), amount.nullable()).optional(),
  above: z.int().positive().optional(),
  /** Minutes of the UTC day, the second one not included. */
  hours: z.tuple([minute, minute]).optional(),
  /** 0 for Sunday. */
  days: z.array(z.int().min(0).max(6)).min(1).max(7).optional(),
  /** The first day on which it holds, UTC. */
  from: z.iso.date().optional(),
});

export const bookPriceSchema = z.strictObject({
  prompt: amount,
  completion: amount,
  /** Rates that are not there are unknown here and mean the ordinary rate when they are charged. */
  special: z.partialRecord(z.enum(SPECIAL_RATES), amount).optional(),
  /** For each request, each web search, and each search in files. */
  request: amount.optional(),
  search: amount.optional(),
  fileSearch: amount.optional(),
  overrides: z.array(overrideSchema).max(100).optional(),
});

export type BookPrice = z.output<typeof bookPriceSchema>;
export type BookOverride = z.output<typeof overrideSchema>;

/** The price as requests are charged with it. */
export function priceOf(price: BookPrice, version: string): Price {
  return {
    version,
    promptNanoPerMillion: BigInt(price.prompt),
    completionNanoPerMillion: BigInt(price.completion),
    cachedPromptNanoPerMillion: null,
    ...specialRates(price.special),
    overrides: (price.overrides ?? []).map(overrideOf),
    requestNano: nano(price.request),
    webSearchNano: nano(price.search),
    fileSearchNano: nano(price.fileSearch),
  };
}

function overrideOf({ prompt, completion, special, above, hours, days, from }: BookOverride): PriceOverride {
  return {
    when: {
      abovePromptTokens: above,
      hours: hours && { startMinute: hours[0], endMinute: hours[1] },
      days,
      fromMs: from === undefined ? undefined : Date.parse(from),
    },
    rates: {
      ...(prompt === undefined ? {} : { promptNanoPerMillion: BigInt(prompt) }),
      ...(completion === undefined ? {} : { completionNanoPerMillion: BigInt(completion) }),
      ...specialRates(special),
    },
  };
}

function specialRates(from: BookOverride["special"] = {}): Partial<PriceRates> {
  const rates: Partial<PriceRates> = {};
  for (const name of SPECIAL_RATES) {
    const value = from[name];
    if (value !== undefined) rates[SPECIAL_FIELDS[name]] = value === null ? null : BigInt(value);
  }
  return rates;
}

function nano(amountNano: number | undefined): bigint | null {
  return amountNano === undefined ? null : BigInt(amountNano);
}

/** The price as JSON text, the same text for the same figures. */
export function priceText(price: Price): string {
  return JSON.stringify({
    prompt: Number(price.promptNanoPerMillion),
    completion: Number(price.completionNanoPerMillion),
    special: specialsOf(price, false),
    request: number(price.requestNano),
    search: number(price.webSearchNano),
    fileSearch: number(price.fileSearchNano),
    overrides: price.overrides.length === 0 ? undefined : price.overrides.map(overrideFigures),
  });
}

/** The price that a text of `priceText` stands for; undefined when it stands for none. */
export function priceFromText(text: string, version: string): Price | undefined {
  const parsed = parseJson(text);
  const checked = bookPriceSchema.safeParse(parsed.ok ? parsed.value : null);
  return checked.success ? priceOf(checked.data, version) : undefined;
}

function overrideFigures({ when, rates }: PriceOverride): BookOverride {
  return {
    prompt: number(rates.promptNanoPerMillion),
    completion: number(rates.completionNanoPerMillion),
    special: specialsOf(rates, true),
    above: when.abovePromptTokens,
    hours: when.hours && [when.hours.startMinute, when.hours.endMinute],
    days: when.days && [...when.days],
    from: when.fromMs === undefined ? undefined : new Date(when.fromMs).toISOString().slice(0, 10),
  };
}

/** In an override, null takes a rate away; in a price it says no more than a rate that is missing. */
function specialsOf(rates: Partial<PriceRates>, keepsNull: boolean): Record<string, number | null> | undefined {
  const said = SPECIAL_RATES.flatMap((name): [string, number | null][] => {
    const value = rates[SPECIAL_FIELDS[name]];
    if (value === undefined || (value === null && !keepsNull)) return [];
    return [[name, value === null ? null : Number(value)]];
  });
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

function number(amountNano: bigint | null | undefined): number | undefined {
  return amountNano === null || amountNano === undefined ? undefined : Number(amountNano);
}
