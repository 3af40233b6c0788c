/**
 * Invariant I7 of docs/ledger.md: what was charged is what the record and the figures of its price version give. Reads
 * only; goes through the records a portion at a time, so that it takes the same memory however many there are.
 */
import { priceFromText } from "../../catalog/book/book-price.ts";
import type { BilledUsage } from "../../catalog/price.ts";
import { REPORTED, recordedCost } from "../../catalog/recorded-cost.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { Breach } from "../../storage/ledger/verify/verify.ts";
import type { Db } from "../../storage/open.ts";
import { type ChargedRow, chargedRows } from "../../storage/stores/charged-usage.ts";

const PORTION = 1_000;
const MOST_BREACHES = 10;

/** At most ten of them; none is what one wants to hear. */
export async function chargeBreaches(db: Db): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (let after: string | undefined = ""; after !== undefined && breaches.length < MOST_BREACHES; ) {
    const rows: ChargedRow[] = await chargedRows(db, after, PORTION);
    breaches.push(...rows.flatMap((row) => breachOf(row) ?? []));
    after = rows.at(-1)?.id;
  }
  return breaches.slice(0, MOST_BREACHES);
}

function breachOf(row: ChargedRow): Breach | null {
  const version = row.price_version;
  const price = row.rates === null || version === null ? undefined : priceFromText(row.rates, version);
  const charged = (row.cost_nano ?? 0n) + row.loss_nano;
  const recorded = { usage: usageOf(row), atMs: row.created_at, priceVersion: version };
  const made = recordedCost({ ...recorded, reportedNano: row.upstream_cost_nano }, price);
  if (made === charged) return null;
  // A crash is settled from the last mark, which is of a moment at which the answer had come a little less far.
  if (row.settled_as === "interrupted" && (made === null || charged < made)) return null;
  const why = made === null ? whyUnknown(version) : `its tokens and price give ${made}`;
  return { invariant: "I7", text: `the record ${row.id} cost ${charged} nano-dollars, and ${why}` };
}

function whyUnknown(version: string | null): string {
  if (version === null) return "it names no price";
  return version === REPORTED ? "its provider reported nothing" : `the figures of its price ${version} are not kept`;
}

function usageOf(row: ChargedRow): BilledUsage {
  const parsed = parseJson(row.billed_parts ?? "null");
  const parts = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  const part = (name: string) => (typeof parts[name] === "number" ? parts[name] : 0);
  return {
    promptTokens: row.prompt_tokens,
    cachedTokens: row.cached_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    completionTokens: row.completion_tokens,
    reasoningTokens: row.reasoning_tokens,
    imageCompletionTokens: row.image_completion_tokens,
    cacheWrite1hTokens: part("cacheWrite1hTokens"),
    audioPromptTokens: part("audioPromptTokens"),
    imagePromptTokens: part("imagePromptTokens"),
    videoPromptTokens: part("videoPromptTokens"),
    cachedAudioTokens: part("cachedAudioTokens"),
    audioCompletionTokens: part("audioCompletionTokens"),
    webSearches: part("webSearches"),
    fileSearches: part("fileSearches"),
  };
}
