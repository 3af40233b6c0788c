/**
 * Writes src/catalog/snapshot/openai.json from the figures that the package `@pydantic/genai-prices` carries: prices in
 * USD per million tokens as decimal strings, tiers by prompt length, context windows. Run after an update of that
 * package: `node tools/bun.mjs tools/build-price-snapshot.ts`.
 */
import { findProvider, type MatchLogic, type ModelInfo, type ModelPrice } from "@pydantic/genai-prices";
import projectPackage from "../package.json" with { type: "json" };

const KINDS = { input_mtok: "prompt", output_mtok: "completion", cache_read_mtok: "cachedPrompt" } as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

/** Models that answer chat completions in text, billed by plain tokens. */
const CHAT_MODEL = /^(gpt-\d|o\d|chatgpt)/;
const OTHER_KIND = /audio|realtime|image|transcribe|tts|instruct|search|research|vision|:|ft-/;

const target = new URL("../src/catalog/snapshot/openai.json", import.meta.url);
const provider = findProvider({ providerId: "openai" });
if (!provider) throw new Error("the price package no longer lists openai");

const models = provider.models.flatMap((model) => entryOf(model) ?? []);
const snapshot = {
  version: `snapshot:genai-prices@${projectPackage.devDependencies["@pydantic/genai-prices"]}`,
  models,
};
await Bun.write(target, `${JSON.stringify(snapshot, null, 2)}\n`);
process.stdout.write(`${models.length} models written\n`);

function entryOf(model: ModelInfo) {
  if (!CHAT_MODEL.test(model.id) || OTHER_KIND.test(model.id)) return undefined;
  const price = currentPrice(model);
  const base = flat(price, 0);
  // No price is better than half a price: it is shown as unknown.
  if (base.prompt === undefined || base.completion === undefined) return undefined;
  const starts = Object.values(price).flatMap((value) =>
    typeof value === "object" ? value.tiers.map((tier) => tier.start) : [],
  );
  const tiers = [...new Set(starts)]
    .sort((a, b) => a - b)
    .map((start) => ({ abovePromptTokens: start, ...flat(price, start + 1) }));
  return {
    id: model.id,
    name: model.name ?? model.id,
    alsoKnownAs: equalNames(model.match).filter((name) => name !== model.id),
    contextLength: model.context_window ?? null,
    ...base,
    ...(tiers.length > 0 ? { tiers } : {}),
  };
}

function currentPrice(model: ModelInfo): ModelPrice {
  if (!Array.isArray(model.prices)) return model.prices;
  const today = new Date().toISOString().slice(0, 10);
  const inForce = model.prices.filter(
    ({ constraint }) =>
      constraint === undefined || (constraint.type === "start_date" && constraint.start_date <= today),
  );
  return inForce.at(-1)?.prices ?? {};
}

function flat(price: ModelPrice, promptTokens: number): Partial<Record<Kind, string>> {
  const result: Partial<Record<Kind, string>> = {};
  for (const [key, kind] of Object.entries(KINDS)) {
    const value = price[key];
    if (value === undefined) continue;
    const usd =
      typeof value === "object"
        ? (value.tiers.filter((tier) => promptTokens > tier.start).at(-1)?.price ?? value.base)
        : value;
    result[kind] = String(usd);
  }
  return result;
}

function equalNames(match: MatchLogic): string[] {
  if ("equals" in match) return [match.equals];
  if ("or" in match) return match.or.flatMap(equalNames);
  return [];
}
