/** Budgets of the instance and of accounts, prepaid credit, and what the owner sees of everybody's. */
import { z } from "zod";
import { pageQuery, timeMs, usd } from "./common.ts";
import { capInput, limitResetSchema, usdTextInput } from "./limits.ts";

export const BILLING_MODES = ["unmetered", "prepaid"] as const;
const billing = z.enum(BILLING_MODES);

export const budgetSchema = z.object({
  /** Null for one that never begins anew. */
  reset: limitResetSchema.nullable(),
  /** The least of what was set: what holds. */
  limitUsd: usd,
  /** What the owner of the instance has set, and what the account has set itself. */
  ownerLimitUsd: usd.nullable(),
  selfLimitUsd: usd.nullable(),
  spentUsd: usd,
  /** Set aside for calls that are running. */
  heldUsd: usd,
  /** What a call can still have at this moment: never below zero. */
  leftUsd: usd,
  startsAt: timeMs.nullable(),
  resetsAt: timeMs.nullable(),
  /** When nothing will be left at the present pace; null where it lasts, or nothing can be said yet. */
  endsAt: timeMs.nullable(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const creditSchema = z.object({
  billing,
  /** Top-ups less refunds. */
  boughtUsd: usd,
  spentUsd: usd,
  heldUsd: usd,
  leftUsd: usd,
  endsAt: timeMs.nullable(),
});
export type Credit = z.infer<typeof creditSchema>;

const cap = z.number().int().nullable();
/** How fast all keys of the account together may call; null for no cap. The owner of the instance sets them. */
export const accountCapsSchema = z.object({ rpm: cap, tpm: cap, parallel: cap });
export type AccountCaps = z.infer<typeof accountCapsSchema>;

export const accountBudgetsSchema = z.object({
  budgets: z.array(budgetSchema),
  credit: creditSchema,
  caps: accountCapsSchema,
});
export type AccountBudgets = z.infer<typeof accountBudgetsSchema>;

export const instanceBudgetsSchema = z.object({
  budgets: z.array(budgetSchema),
  /** What answers cost beyond what had been set aside for them: nobody is charged for it. */
  operatorLoss: z.object({ monthUsd: usd, totalUsd: usd, requests: z.number().int() }),
});
export type InstanceBudgets = z.infer<typeof instanceBudgetsSchema>;

export const listAccountsQuery = pageQuery.extend({ q: z.string().max(200).optional() });
export const budgetedAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** A team has none: its id stands here. */
  email: z.string(),
  role: z.enum(["owner", "member"]),
  kind: z.enum(["person", "team"]),
  /** Since the first of the month, UTC. */
  monthUsd: usd,
  ...accountBudgetsSchema.shape,
});
export type BudgetedAccount = z.infer<typeof budgetedAccountSchema>;
export const budgetedAccountListSchema = z.object({
  accounts: z.array(budgetedAccountSchema),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
});

const limit = usdTextInput.nullable();
const limits = { total: limit, daily: limit, weekly: limit, monthly: limit };
const hasFields = (body: object) => Object.keys(body).length > 0;

/** Each is an amount, or null to take the limit away; what is left out stays. */
export const setBudgetsBody = z.strictObject(limits).partial().refine(hasFields, "name a budget to change");
const capOrNone = capInput.nullable();
const caps = z
  .strictObject({ rpm: capOrNone, tpm: capOrNone, parallel: capOrNone })
  .partial()
  .refine(hasFields, "name a cap to change");
export const setAccountBudgetsBody = z
  .strictObject({ ...limits, billing, caps })
  .partial()
  .refine(hasFields, "name a budget to change");
