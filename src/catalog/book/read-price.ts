/**
 * One price of the genai-prices project as a book writes it. There a price may be a list of prices with constraints (a
 * first day, hours of the day), each of which replaces the whole price; here it is one price with overrides.
 *
 * What is not understood leaves the model without a price: half a price is none.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../kernel/json.ts";
import { parseUsd } from "../../kernel/money.ts";
import { type BookOverride, type BookPrice, SPECIAL_RATES, type SpecialRate } from "./book-price.ts";

const SPECIAL_KEYS: Readonly<Record<SpecialRate, string>> = {
  cached: "cache_read_mtok",
  cachedAudio: "cache_audio_read_mtok",
  write: "cache_write_mtok",
  write1h: "cache_write_1h_mtok",
  audioIn: "input_audio_mtok",
  imageIn: "input_image_mtok",
  videoIn: "input_video_mtok",
  reasoning: "output_reasoning_mtok",
  audioOut: "output_audio_mtok",
  imageOut: "output_image_mtok",
};

/** A whole price and when it holds; `when` is missing for the one that holds unless another does. */
interface Constrained {
  price: JsonObject;
  when: Pick<BookOverride, "hours" | "from">;
}

/** `today` is a date in UTC: what came into force until then is not told apart from what always was. */
export function readPrice(prices: JsonValue | undefined, today: string): BookPrice | undefined {
  const inForce = pricesInForce(prices, today);
  const first = inForce?.[0];
  if (inForce === undefined || first === undefined) return undefined;
  const base = ratesAt(first.price, 0);
  if (base === undefined) return undefined;
  const others = inForce.slice(1).map(wholeOverride);
  if (others.some((override) => override === undefined)) return undefined;
  const overrides = [...longPrompts({ price: first.price, when: {} }), ...others.flatMap((override) => override ?? [])];
  const { requests_kcount, web_searches_kcount, storage_searches_kcount } = first.price;
  return {
    ...base,
    ...said("request", perThousand(requests_kcount)),
    ...said("search", perThousand(web_searches_kcount)),
    ...said("fileSearch", perThousand(storage_searches_kcount)),
    ...(overrides.length === 0 ? {} : { overrides }),
  };
}

function said<Name extends string>(name: Name, value: number | undefined): { [Key in Name]?: number } {
  const field: { [Key in Name]?: number } = {};
  if (value !== undefined) field[name] = value;
  return field;
}

/** The prices that may hold from the given day on, the later before the earlier where several do; undefined for none. */
function pricesInForce(prices: JsonValue | undefined, today: string): Constrained[] | undefined {
  if (isJsonObject(prices)) return [{ price: prices, when: {} }];
  if (!Array.isArray(prices)) return undefined;
  let inForce: Constrained[] = [];
  for (const entry of prices) {
    const price = isJsonObject(entry) ? objectField(entry, "prices") : undefined;
    if (!isJsonObject(entry) || price === undefined) continue;
    const when = conditionOf(objectField(entry, "constraint"), today);
    if (when === undefined) return undefined;
    if (Object.keys(when).length === 0) inForce = [];
    inForce.push({ price, when });
  }
  return inForce;
}

/** Empty where the price holds from now on without more; undefined for a constraint that is not understood. */
function conditionOf(constraint: JsonObject | undefined, today: string): Constrained["when"] | undefined {
  if (constraint === undefined) return {};
  const from = stringField(constraint, "start_date");
  if (from !== undefined) return from <= today ? {} : { from };
  const start = minuteOf(stringField(constraint, "start_time"));
  const end = minuteOf(stringField(constraint, "end_time"));
  return start === undefined || end === undefined ? undefined : { hours: [start, end] };
}

/** The minute of the UTC day of "00:30:00Z" or "09:00:00+08:00"; undefined for what is no whole minute. */
function minuteOf(time: string | undefined): number | undefined {
  const match = /^(\d\d):(\d\d):00(?:Z|([+-])(\d\d):(\d\d))$/.exec(time ?? "");
  if (!match) return undefined;
  const [, hours, minutes, sign, offsetHours = "0", offsetMinutes = "0"] = match;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -1 : 1);
  return (Number(hours) * 60 + Number(minutes) - offset + 1440) % 1440;
}

/** A price in place of the whole former one: what it does not name is taken away. */
function wholeOverride({ price, when }: Constrained): BookOverride[] | undefined {
  const base = ratesAt(price, 0);
  if (base === undefined) return undefined;
  const none = Object.fromEntries(SPECIAL_RATES.map((name) => [name, null]));
  const whole = { ...when, ...base, special: { ...none, ...base.special } };
  return [whole, ...longPrompts({ price, when })];
}

/** What of a price changes with the length of the prompt. */
function longPrompts({ price, when }: Constrained): BookOverride[] {
  const starts = new Set(Object.values(price).flatMap((value) => tiersOf(value).map(({ start }) => start)));
  return [...starts]
    .sort((a, b) => a - b)
    .flatMap((above) => {
      const rates = ratesAt(price, above + 1);
      return rates === undefined ? [] : [{ ...when, ...rates, above }];
    });
}

/** The rates for a prompt of some length; undefined when one of the ordinary two is missing. */
function ratesAt(
  raw: JsonObject,
  promptTokens: number,
): Pick<BookPrice, "prompt" | "completion" | "special"> | undefined {
  const rate = (key: string) => rateOf(raw[key], promptTokens);
  const prompt = rate("input_mtok");
  const completion = rate("output_mtok") ?? (raw.output_mtok === undefined && isEmbedding(raw) ? 0 : undefined);
  if (prompt === undefined || completion === undefined) return undefined;
  const special: Partial<Record<SpecialRate, number>> = {};
  for (const name of SPECIAL_RATES) {
    const amount = rate(SPECIAL_KEYS[name]);
    if (amount !== undefined) special[name] = amount;
  }
  return Object.keys(special).length === 0 ? { prompt, completion } : { prompt, completion, special };
}

function rateOf(value: JsonValue | undefined, promptTokens: number): number | undefined {
  const tier = tiersOf(value).findLast(({ start }) => promptTokens > start);
  return nanoOf(tier?.price ?? (isJsonObject(value) ? value.base : value));
}

/** What is read and not written (embeddings, reranking) has a price for the prompt and none for an answer. */
function isEmbedding(raw: JsonObject): boolean {
  return Object.keys(raw).every((key) => key.startsWith("input_") || key.startsWith("cache_"));
}

function tiersOf(value: JsonValue | undefined): { start: number; price: JsonValue | undefined }[] {
  if (!isJsonObject(value) || !Array.isArray(value.tiers)) return [];
  const tiers = value.tiers.flatMap((tier) =>
    isJsonObject(tier) && typeof tier.start === "number" ? [{ start: tier.start, price: tier.price }] : [],
  );
  return tiers.sort((a, b) => a.start - b.start);
}

/** Dollars as whole nano-dollars. What is finer (a quotient that somebody wrote as 0.08333…) is rounded up. */
function nanoOf(usd: JsonValue | undefined): number | undefined {
  if (typeof usd !== "number" || !(usd >= 0) || usd > 1e6) return undefined;
  return Number(parseUsd(String(usd)) ?? Math.ceil(usd * 1e9));
}

function perThousand(usd: JsonValue | undefined): number | undefined {
  const thousand = nanoOf(usd);
  return thousand === undefined ? undefined : Math.ceil(thousand / 1000);
}
