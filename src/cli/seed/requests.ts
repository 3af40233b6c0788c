/**
 * Invents a year of requests: more by day than by night and on working days than on Sundays, growing over the year, with
 * a bad hour of a provider now and then. The same seed gives the same requests. Pure: rows out, nothing written.
 */
import type { SeededRandom } from "../../kernel/seeded-random.ts";
import type { UsageRow } from "../../storage/schema.ts";
import { SEED_MODELS, type SeedAccount, type SeedModel, type SeedProvider } from "./world.ts";

const HOUR_MS = 3_600_000;
/** Working hours of western Indonesia. */
const LOCAL_OFFSET_HOURS = 7;
/** How busy each hour of a day is beside the busiest. */
const BY_HOUR = [6, 4, 3, 3, 4, 8, 18, 38, 70, 92, 100, 96, 74, 82, 96, 98, 86, 62, 48, 46, 42, 34, 22, 12];
/** From Sunday. */
const BY_WEEKDAY = [34, 100, 104, 102, 100, 92, 48];

export interface SeededAccount extends SeedAccount {
  id: string;
  /** Beside `keys`. */
  keyIds: readonly string[];
}

interface Span {
  fromMs: number;
  toMs: number;
  /** About how many; chance decides the rest. */
  requests: number;
}

/** Rows in the order of their time, a batch for each hour. */
export function* inventRequests(
  random: SeededRandom,
  accounts: readonly SeededAccount[],
  span: Span,
): Generator<UsageRow[]> {
  const hours = Math.max(1, Math.floor((span.toMs - span.fromMs) / HOUR_MS));
  const weights = Array.from({ length: hours }, (_, index) => busyness(span.fromMs + index * HOUR_MS, index / hours));
  const allWeights = weights.reduce((sum, weight) => sum + weight, 0);
  const allAccounts = accounts.reduce((sum, { weight }) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    const startMs = span.fromMs + index * HOUR_MS;
    const ill = random.chance(0.004) ? random.pick(PROVIDERS) : null;
    const rows: UsageRow[] = [];
    for (const account of accounts) {
      const mean = (span.requests * weight * account.weight) / (allWeights * allAccounts);
      for (let left = random.count(mean); left > 0; left--) {
        rows.push(inventRequest(random, account, { atMs: startMs + Math.floor(random.next() * HOUR_MS), ill }));
      }
    }
    yield rows.sort((a, b) => a.created_at - b.created_at);
  }
}

const PROVIDERS: readonly [string, ...string[]] = ["openai", "anthropic", "google-ai-studio", "groq", "deepseek"];

function busyness(atMs: number, progress: number): number {
  const local = new Date(atMs + LOCAL_OFFSET_HOURS * HOUR_MS);
  const rhythm = (BY_HOUR[local.getUTCHours()] ?? 1) * (BY_WEEKDAY[local.getUTCDay()] ?? 1);
  return rhythm * (0.35 + 0.65 * progress);
}

function inventRequest(
  random: SeededRandom,
  account: SeededAccount,
  { atMs, ill }: { atMs: number; ill: string | null },
): UsageRow {
  const keyIndex = weighted(random, account.keys);
  const key = account.keys[keyIndex];
  const models = (key?.models ?? []).flatMap((index) => SEED_MODELS[index] ?? []);
  const model = models[weighted(random, models)];
  const base = baseRow(random, {
    atMs,
    userId: account.id,
    keyId: account.keyIds[keyIndex] ?? "",
    app: key?.app ?? null,
  });
  if (model === undefined) return base;
  if (random.chance(0.006)) return { ...base, ...REFUSED, model_requested: model.id, latency_ms: 2 };
  return { ...base, ...answered(random, model, ill) };
}

function baseRow(
  random: SeededRandom,
  { atMs, userId, keyId, app }: { atMs: number; userId: string; keyId: string; app: string | null },
): UsageRow {
  return {
    id: `gen-${Math.floor(atMs / 1000)}-${letters(random)}${letters(random)}`,
    request_id: `req_${letters(random)}${letters(random)}`,
    created_at: atMs,
    user_id: userId,
    key_id: keyId,
    api_type: "chat",
    model_requested: "",
    streamed: 0,
    cancelled: 0,
    status: 200,
    prompt_tokens: 0,
    completion_tokens: 0,
    reasoning_tokens: 0,
    cached_tokens: 0,
    tokens_estimated: 0,
    cost_nano: 0n,
    latency_ms: 0,
    first_token_ms: null,
    app_title: app,
    attempts: "[]",
    cache_write_tokens: 0,
    image_completion_tokens: 0,
    media_prompt: 0,
    audio_prompt: 0,
    media_completion: 0,
    loss_nano: 0n,
  };
}

const REFUSED = { status: 400, error_code: "invalid_field" } as const;

function answered(random: SeededRandom, model: SeedModel, ill: string | null): Partial<UsageRow> {
  const [first, second = first] = random.chance(0.7) ? model.providers : model.providers.toReversed();
  if (first === undefined || second === undefined) return {};
  const fails = ({ slug, failureShare }: SeedProvider) => random.chance(slug === ill ? 0.7 : failureShare);
  const attempts: object[] = [];
  let startedMs = 0;
  for (const [index, one] of [first, second].entries()) {
    const reason = index === 0 ? "first by price" : "fallback";
    if (!fails(one))
      return { ...success(random, { model, provider: one, startedMs, attempts, reason }), api_type: apiType(model) };
    const latencyMs = Math.round(random.logBetween(40, 4_000));
    attempts.push({
      provider: one.slug,
      providerName: one.name,
      model: model.id,
      status: 503,
      latencyMs,
      startedMs,
      reason,
      errorCode: "provider_unavailable",
    });
    startedMs += latencyMs;
    if (first === second) break;
  }
  const failure = { status: 503, error_code: "provider_unavailable", latency_ms: startedMs };
  return { ...failure, model_requested: model.id, attempts: JSON.stringify(attempts) };
}

const apiType = ({ completionTokens }: SeedModel) => (completionTokens === 0 ? "embeddings" : "chat");

interface Success {
  model: SeedModel;
  provider: SeedProvider;
  startedMs: number;
  attempts: object[];
  reason: string;
}

function success(random: SeededRandom, { model, provider, startedMs, attempts, reason }: Success): Partial<UsageRow> {
  const spread = (usual: number) => Math.max(usual === 0 ? 0 : 1, Math.round(usual * random.logBetween(0.25, 4)));
  const streamed = model.completionTokens > 0 && random.chance(0.65) ? 1 : 0;
  const cancelled = streamed === 1 && random.chance(0.01) ? 1 : 0;
  const prompt = spread(model.promptTokens);
  const completion = cancelled === 1 ? Math.ceil(spread(model.completionTokens) / 3) : spread(model.completionTokens);
  const firstMs = Math.round(provider.firstTokenMs * random.logBetween(0.5, 3.2));
  const answerMs = firstMs + Math.round(completion * provider.tokenMs);
  const cached = random.chance(0.2) ? Math.floor(prompt * random.between(0.3, 0.9)) : 0;
  attempts.push({
    provider: provider.slug,
    providerName: provider.name,
    model: model.id,
    status: 200,
    latencyMs: answerMs,
    startedMs,
    reason,
    errorCode: null,
  });
  const finish = random.chance(0.04) ? "length" : "stop";
  return {
    model_requested: model.id,
    model: model.id,
    provider: provider.name,
    provider_slug: provider.slug,
    streamed,
    cancelled,
    status: cancelled === 1 ? 499 : 200,
    error_code: cancelled === 1 ? "client_closed_request" : null,
    finish_reason: cancelled === 1 ? null : finish,
    native_finish_reason: cancelled === 1 ? null : finish,
    prompt_tokens: prompt,
    completion_tokens: completion,
    cached_tokens: cached,
    cost_nano: BigInt(prompt * model.inputNano + completion * model.outputNano),
    price_version: "seed",
    latency_ms: startedMs + answerMs,
    first_token_ms: streamed === 1 ? startedMs + firstMs : null,
    generation_time_ms: answerMs,
    attempts: JSON.stringify(attempts),
  };
}

function weighted(random: SeededRandom, choices: readonly { weight: number }[]): number {
  let left = random.next() * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const [index, { weight }] of choices.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return 0;
}

/** Ten letters and digits. */
function letters(random: SeededRandom): string {
  return Math.floor(random.next() * 36 ** 10)
    .toString(36)
    .padStart(10, "0");
}
