/** Moving credit, and the statement of what was moved. */
import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";
import { aboveZero, usdNumberInput, usdTextInput } from "./limits.ts";

/** Every header of this name makes a request one that happens once, however often it is sent. */
export const IDEMPOTENCY_HEADER = "Idempotency-Key";

const note = z
  .string()
  .trim()
  .max(200)
  .regex(/^\P{Cc}*$/u, "must not contain control characters")
  .nullish();

export const moveCreditBody = z.strictObject({ amountUsd: usdTextInput.refine(...aboveZero), note });
export const topUpBody = moveCreditBody.extend({
  /** A gift of the house: credit for which nobody paid. */
  isGift: z.boolean().optional(),
});
export const movedCreditSchema = z.object({
  /** The transfer. */
  id: z.string(),
  amountUsd: usd,
  note: z.string().nullable(),
  createdAt: timeMs,
  /** What the account had after it. */
  balanceUsd: usd,
});
export type MovedCredit = z.infer<typeof movedCreditSchema>;

export const ENTRY_KINDS = ["top_up", "grant", "refund", "charge", "correction"] as const;
export const statementEntrySchema = z.object({
  /** The transfer. */
  id: z.string(),
  kind: z.enum(ENTRY_KINDS),
  createdAt: timeMs,
  /** Above zero where the account got something. */
  amountUsd: usd,
  balanceUsd: usd,
  /** The generation that was charged; null for everything else. */
  generationId: z.string().nullable(),
  note: z.string().nullable(),
  /** Who moved it; null for the gateway itself and the command line. */
  by: z.string().nullable(),
});
export type StatementEntry = z.infer<typeof statementEntrySchema>;

/** A UTC day. Comes out as its first millisecond. */
const day = z.iso.date().transform((value) => Date.parse(`${value}T00:00:00Z`));
const filters = {
  kind: z.enum(ENTRY_KINDS).optional(),
  /** The first and the last day, both included. */
  from: day.optional(),
  to: day.optional(),
};
export const statementQuery = pageQuery.extend(filters);
export const statementExportQuery = z.object(filters);
export const statementSchema = z.object({
  /** Whose it is: the address of a person, the name of a team. */
  account: z.string(),
  entries: z.array(statementEntrySchema),
  nextCursor: z.string().nullable(),
  balanceUsd: usd,
});

/** The id of an account, or its e-mail address. */
export const accountParams = z.object({ account: z.string().min(1).max(254) });

export const apiMoveCreditBody = z.strictObject({ amount: usdNumberInput.refine(...aboveZero), note });
export const apiTopUpBody = apiMoveCreditBody.extend({ is_gift: z.boolean().optional() });
export const apiAccountCreditsSchema = z.object({
  data: z.object({
    account_id: z.string(),
    billing: z.string(),
    total_credits: z.number(),
    total_usage: z.number(),
    held: z.number(),
    remaining: z.number(),
  }),
});
export const apiMovedCreditSchema = z.object({
  data: z.object({
    id: z.string(),
    account_id: z.string(),
    amount: z.number(),
    note: z.string().nullable(),
    created_at: z.string(),
    balance: z.number(),
  }),
});
