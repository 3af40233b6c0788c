/** Our own records of what one provider answered, for holding them against the provider's. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";

export interface ProviderUsageRow {
  id: string;
  upstreamId: string | null;
  createdAtMs: number;
  model: string | null;
  inputTokens: number;
  outputTokens: number;
  /** What was charged; null when no price is known. */
  chargedNano: NanoUsd | null;
  /** What it cost beyond that, which the operator bears. */
  lossNano: NanoUsd;
  isEstimated: boolean;
}

/** How many rows are in memory at once. */
const PORTION = 1_000;

/** In portions, in the order of time. `toMs` is the first millisecond that is left out. */
export async function* usageOfProvider(
  db: Db,
  { provider, fromMs, toMs }: { provider: string; fromMs: number; toMs: number },
): AsyncGenerator<ProviderUsageRow[]> {
  // A generation's id begins with its second, so the primary key is in the order of time.
  let after = `gen-${seconds(fromMs)}`;
  const end = `gen-${seconds(toMs + 1_000)}`;
  for (;;) {
    const rows = await db
      .selectFrom("usage")
      .select(["id", "upstream_id", "created_at", "model", "prompt_tokens", "completion_tokens"])
      .select(["cost_nano", "loss_nano", "tokens_estimated"])
      .where("id", ">", after)
      .where("id", "<", end)
      .where("provider_slug", "=", provider)
      .where("created_at", ">=", fromMs)
      .where("created_at", "<", toMs)
      .orderBy("id")
      .limit(PORTION)
      .execute();
    yield rows.map((row) => ({
      id: row.id,
      upstreamId: row.upstream_id,
      createdAtMs: row.created_at,
      model: row.model,
      inputTokens: row.prompt_tokens,
      outputTokens: row.completion_tokens,
      chargedNano: row.cost_nano,
      lossNano: row.loss_nano,
      isEstimated: row.tokens_estimated === 1,
    }));
    const last = rows.at(-1);
    if (rows.length < PORTION || !last) return;
    after = last.id;
  }
}

function seconds(timeMs: number): string {
  return String(Math.floor(timeMs / 1_000)).padStart(10, "0");
}
