/** Paying credit in and back, once for each name that its sender gave it. For every way in: pages, programs, terminal. */
import type { AuditActor, AuditEntry } from "../../kernel/audit.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { type NanoUsd, usdString } from "../../kernel/money.ts";
import type { CreditKind, CreditMoved, CreditStore } from "../../storage/ledger/credits.ts";
import type { Db } from "../../storage/open.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";

export interface CreditOrder {
  /** In whose name it stands in the audit log. */
  actor: AuditActor;
  kind: CreditKind;
  userId: string;
  nano: NanoUsd;
  note: string | null;
  /** Who does it; null for the command line. */
  actorId: string | null;
  /** The sender's name for this one movement. */
  idempotencyKey: string;
  nowMs: number;
}

/** The names of the command line stand beside those of every person. */
const COMMAND_LINE = "cli";
/** Longer names are nobody's honest ones. */
const MOST_CHARACTERS = 255;

/** Throws GapuraError: idempotency_key_missing, idempotency_key_reused, refund_exceeds_credit. */
export async function moveCredit(
  { credits, audit }: { credits: Pick<CreditStore, "topUp" | "grant" | "refund">; audit: AuditStore },
  order: CreditOrder,
): Promise<{ moved: CreditMoved; isRepeated: boolean }> {
  const { kind, userId, nano, note, actorId, idempotencyKey, nowMs } = order;
  const name = idempotencyKey.trim();
  if (name === "" || name.length > MOST_CHARACTERS) throw new GapuraError("idempotency_key_missing");
  const onMoved = (transaction: Db, moved: CreditMoved) => audit.record(entryOf(moved, order.actor), transaction);
  const asked = { userId, nano, note, actorId, onMoved };
  const identity = { principal: actorId ?? COMMAND_LINE, name, requestHash: hashOf(order), nowMs };
  const answer = await MOVES[kind](credits, asked, identity);
  switch (answer.kind) {
    case "moved":
      return answer;
    case "otherRequest":
      throw new GapuraError("idempotency_key_reused");
    case "tooMuch":
      throw new GapuraError("refund_exceeds_credit", { values: { left: usdString(answer.leftNano) } });
  }
}

/** The note stays in the books. */
function entryOf({ transferId, kind, userId, nano, balanceNano }: CreditMoved, actor: AuditActor): AuditEntry {
  const beforeNano = kind === "refund" ? balanceNano + nano : balanceNano - nano;
  return {
    actor,
    action: "credit.move",
    target: { kind: "account", id: userId },
    before: { balance: usdString(beforeNano) },
    after: { balance: usdString(balanceNano), kind, amount: usdString(nano), movement: transferId },
  };
}

type Moves = Pick<CreditStore, "topUp" | "grant" | "refund">;
type Move = (credits: Moves, ...asked: Parameters<CreditStore["topUp"]>) => ReturnType<CreditStore["topUp"]>;

const MOVES: Record<CreditKind, Move> = {
  top_up: (credits, ...asked) => credits.topUp(...asked),
  grant: (credits, ...asked) => credits.grant(...asked),
  refund: (credits, ...asked) => credits.refund(...asked),
};

/** The same for the same order, whatever else it is sent with. */
function hashOf({ kind, userId, nano, note }: CreditOrder): string {
  return Bun.SHA256.hash(JSON.stringify([kind, userId, nano.toString(), note ?? ""]), "hex");
}
