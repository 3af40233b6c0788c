/** The audit log: who changed what, from where, and what it was before; and whether it is what was written. */
import { z } from "zod";
import { AUDIT_ACTIONS } from "../../kernel/audit.ts";
import { DAY_MS } from "../../kernel/windows.ts";
import { timeMs } from "./common.ts";

const day = z.iso.date("must be a day such as 2026-11-27").transform((text) => Date.parse(`${text}T00:00:00Z`));

export const auditExportQuery = z.object({
  /** Who did it: the id or the e-mail address of an account, or the id of a key. */
  who: z.string().trim().min(1).max(200).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  /** What it was done to: the id of a key, provider or account, or the e-mail address of an account. */
  target: z.string().trim().min(1).max(200).optional(),
  /** The first day, UTC. */
  from: day.optional(),
  /** The last day, UTC, which is included. */
  to: day.transform((startMs) => startMs + DAY_MS).optional(),
});
export const auditQuery = auditExportQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "must be the nextCursor of the page before")
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const facts = z.record(z.string(), z.json()).nullable();

export const auditEntrySchema = z.object({
  /** Its number: 1, 2, 3, without gaps. */
  seq: z.number().int(),
  at: timeMs,
  actor: z.object({
    /** "person", "key", "cli", "system" or "visitor". */
    kind: z.string(),
    id: z.string().nullable(),
    /** What the account or key is called today; null where it is gone or may not be named to the reader. */
    name: z.string().nullable(),
  }),
  /** From where it was done; null where that is not known. */
  address: z.string().nullable(),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  /** What it was, and what it is now: what says so and nothing else. */
  before: facts,
  after: facts,
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z.object({
  /** Newest first. */
  entries: z.array(auditEntrySchema),
  nextCursor: z.string().nullable(),
  /** Whether the reader sees everybody's, or what concerns their own account. */
  scope: z.enum(["instance", "account"]),
});

export const auditVerdictSchema = z.object({
  /** True when every row is what was written. */
  ok: z.boolean(),
  rows: z.number().int(),
  /** Signed checkpoints that the rows were held against. */
  checkpoints: z.number().int(),
  /** The first of them, with the number of the row. */
  problems: z.array(z.object({ seq: z.number().int(), problem: z.string() })),
  /** Rows of a secret that is not known here: nobody can tell whether they are what was written. */
  unverifiable: z.number().int(),
  checkedAt: timeMs,
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
