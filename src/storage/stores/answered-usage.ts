/** What a provider answered, as far as money is concerned: for comparing it with what the provider says itself. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";

export interface AnsweredRow {
  id: string;
  upstreamId: string | null;
  createdAtMs: number;
  model: string | null;
  inputTokens: number;
  outputTokens: number;
  /** Null when no price is known. */
  chargedNano: NanoUsd | null;
  lossNano: NanoUsd;
  isEstimated: boolean;
}

/** So small that nobody waits for a portion. */
const PORTION = 1_000;

/**
 * Rows that a provider answered between two times, the second not included. Account by account, because that is how the
 * rows are ordered on the disk: no portion looks at more than it gives.
 */
export async function* answeredRows(
  db: Db,
  { provider, fromMs, toMs }: { provider: string; fromMs: number; toMs: number },
): AsyncGenerator<AnsweredRow[]> {
  const people = await db.selectFrom("user").select("id").execute();
  for (const { id: userId } of people) {
    for (let after = { atMs: fromMs, id: "" }; ; ) {
      const rows = await db
        .selectFrom("usage")
        .select([
          "id",
          "upstream_id",
          "created_at",
          "model",
          "provider_slug",
          "status",
          "cancelled",
          "prompt_tokens",
          "completion_tokens",
          "cost_nano",
          "loss_nano",
          "tokens_estimated",
        ])
        .where("user_id", "=", userId)
        .where("created_at", "<", toMs)
        .where((eb) => eb(eb.refTuple("created_at", "id"), ">", eb.tuple(after.atMs, after.id)))
        .orderBy("created_at")
        .orderBy("id")
        .limit(PORTION)
        .execute();
      const answered = rows.filter(
        (row) =>
          row.provider_slug === provider && (row.status < 400 || row.cancelled === 1 || row.upstream_id !== null),
      );
      if (answered.length > 0) yield answered.map(answeredRow);
      const last = rows.at(-1);
      if (rows.length < PORTION || !last) break;
      after = { atMs: last.created_at, id: last.id };
    }
  }
}

function answeredRow(row: {
  id: string;
  upstream_id: string | null;
  created_at: number;
  model: string | null;
  prompt_tokens: number;
  completion_tokens: number;
  cost_nano: NanoUsd | null;
  loss_nano: NanoUsd;
  tokens_estimated: number;
}): AnsweredRow {
  return {
    id: row.id,
    upstreamId: row.upstream_id,
    createdAtMs: row.created_at,
    model: row.model,
    inputTokens: row.prompt_tokens,
    outputTokens: row.completion_tokens,
    chargedNano: row.cost_nano,
    lossNano: row.loss_nano,
    isEstimated: row.tokens_estimated === 1,
  };
}
