/** Model lists as different servers write them. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { MOST_RATE_NANO, type Price } from "../../../catalog/price.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import { parseUsd } from "../../../kernel/money.ts";

/** The entries of a list: an array, or one under `data`, `models` or `result`; undefined when it is no such list. */
export function modelEntries(list: JsonValue): JsonObject[] | undefined {
  const found = Array.isArray(list) ? list : isJsonObject(list) ? (list.data ?? list.models ?? list.result) : undefined;
  return Array.isArray(found) ? found.filter(isJsonObject) : undefined;
}

/** The entries of a list in OpenAI's own form alone, where anything else may be another kind of server. */
export function openAiEntries(list: JsonValue): JsonObject[] | undefined {
  return isJsonObject(list) && Array.isArray(list.data) ? list.data.filter(isJsonObject) : undefined;
}

/** The name that a model is asked by; undefined for what can be none. */
export function nameById({ id }: JsonObject): string | undefined {
  return typeof id === "string" && id !== "" && id.length <= MAX_NAME ? id : undefined;
}

const MAX_NAME = 256;
const CONTEXT_FIELDS = ["context_length", "context_window", "max_model_len", "max_context_length", "context_size"];
const OUTPUT_FIELDS = ["max_completion_tokens", "max_output_tokens", "max_output_length"];

/** Context and longest answer, under whichever of the usual names they stand. */
export function statedLimits(entry: JsonObject): Partial<OfferedModel> {
  const contextLength = firstCount(entry, CONTEXT_FIELDS);
  const maxCompletionTokens = firstCount(entry, OUTPUT_FIELDS);
  return {
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(maxCompletionTokens === undefined ? {} : { maxCompletionTokens }),
    ...(typeof entry.created === "number" ? { created: Math.trunc(entry.created) } : {}),
  };
}

function firstCount(entry: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = entry[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  }
  return undefined;
}

/** What a list says of a model's price, as numbers or decimal texts; `scale` turns one into dollars per million tokens. */
export interface StatedPrice {
  prompt: JsonValue | undefined;
  completion: JsonValue | undefined;
  cachedPrompt?: JsonValue | undefined;
  /** A power of ten: 0 for dollars per million, 6 for dollars per token, -4 for ten-thousandths of a dollar per million. */
  exponent: number;
}

/** The price, or nothing when a part of it is no exact amount: an unknown price stays unknown. */
export function statedPrice(version: string, stated: StatedPrice): Partial<OfferedModel> {
  const prompt = nanoPerMillion(stated.prompt, stated.exponent);
  const completion = nanoPerMillion(stated.completion, stated.exponent);
  if (prompt === undefined || completion === undefined) return {};
  const price: Price = {
    version,
    promptNanoPerMillion: prompt,
    completionNanoPerMillion: completion,
    cachedPromptNanoPerMillion: nanoPerMillion(stated.cachedPrompt, stated.exponent) ?? null,
    overrides: [],
  };
  return { price };
}

function nanoPerMillion(value: JsonValue | undefined, exponent: number): bigint | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const [digits = "", own = "0"] = String(value).toLowerCase().split("e");
  const nano = parseUsd(`${digits}e${Number(own) + exponent}`);
  return nano === undefined || nano < 0n || nano > MOST_RATE_NANO ? undefined : nano;
}
