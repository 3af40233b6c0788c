/** A provider's exported usage held against the own rows. */
import { z } from "zod";
import { timeMs, usd } from "./common.ts";

/** Exports of a month fit; what is larger is for the command line. */
export const MAX_EXPORT_BYTES = 16 * 1024 * 1024;

export const reconcileBody = z.strictObject({
  /** The file as it was exported. */
  text: z.string().min(1),
  /** The slug of the connection; without it the one that such an export usually belongs to. */
  provider: z.string().min(1).max(64).optional(),
});

const sums = z.object({
  requests: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: usd,
});
export type ReconciledSums = z.infer<typeof sums>;

export const DIFFERENCE_REASONS = ["notOurs", "notTheirs", "estimated", "unpriced", "loss", "price", "tokens"] as const;
const reason = z.enum(DIFFERENCE_REASONS);

export const reconciliationSchema = z.object({
  /** Which export was recognised. */
  format: z.string(),
  provider: z.string(),
  fromMs: timeMs,
  toMs: timeMs,
  by: z.enum(["request", "day"]),
  said: z.object({ requests: z.boolean(), tokens: z.boolean(), cost: z.boolean() }),
  theirs: sums,
  ours: sums,
  lossUsd: usd,
  agreeing: z.number().int(),
  differing: z.number().int(),
  reasons: z.record(reason, z.number().int()),
  /** The largest, at most five hundred. */
  differences: z.array(
    z.object({
      id: z.string().nullable(),
      atMs: timeMs,
      model: z.string().nullable(),
      theirs: sums.nullable(),
      ours: sums.nullable(),
      reasons: z.array(reason),
    }),
  ),
});
export type ReconciliationView = z.infer<typeof reconciliationSchema>;
