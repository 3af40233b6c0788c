/**
 * Prepaid money: what was paid in, what was paid back, and the statement of every movement.
 *
 * Invariants: an account's credit limit is what was paid in less what was paid back, changed in the transaction that
 * enters the movement; nobody gets back more than is left and not set aside; what was asked under one name by one
 * principal happens once, and asking again gives the first answer.
 */
import { sql } from "kysely";
import { asChecked } from "../../kernel/json.ts";
import { greaterOf, type NanoUsd } from "../../kernel/money.ts";
import type { Engine } from "../engine.ts";
import { packMoney, unpackMoney } from "../money-json.ts";
import type { Db } from "../open.ts";
import { announce } from "../stores/budgets.ts";
import { converseWithin } from "../usage-writer/kysely-rows.ts";
import { type Books, emptyBooks, leftOf } from "./books.ts";
import { type Conversation, type Dialect, dialectOf } from "./conversation.ts";
import { placeOf } from "./limits.ts";
import { loadBalances, loadLimits } from "./load.ts";
import { makeRow } from "./make-limits.ts";
import { HOUSE, move, userAccount } from "./movements.ts";
import { type Once, once } from "./once.ts";
import { save } from "./save.ts";

export interface CreditMove {
  userId: string;
  /** Above zero. */
  nano: NanoUsd;
  note: string | null;
  /** Who does it; null for the command line. */
  actorId: string | null;
  /** Told within the transaction of the movement, once. What it throws takes the movement back. */
  onMoved?(transaction: Db, moved: CreditMoved): Promise<void>;
}

export type CreditKind = "top_up" | "grant" | "refund";

/** What was moved. As JSON it is the answer that is kept for those who ask again. */
export interface CreditMoved {
  transferId: string;
  kind: CreditKind;
  userId: string;
  nano: NanoUsd;
  note: string | null;
  createdAtMs: number;
  /** What the account has after it, running calls not deducted. */
  balanceNano: NanoUsd;
}

export type CreditAnswer =
  /** `isRepeated` when it had happened before, under the same name. */
  | { kind: "moved"; moved: CreditMoved; isRepeated: boolean }
  /** Less is left than was to go back. Nothing is kept, so it may be asked again. */
  | { kind: "tooMuch"; leftNano: NanoUsd }
  /** The name was used for something else. */
  | { kind: "otherRequest" };

export interface CreditState {
  userId: string;
  /** Paid in, less what was paid back. */
  boughtNano: NanoUsd;
  spentNano: NanoUsd;
  /** Set aside for running calls. */
  heldNano: NanoUsd;
}

export type CreditStore = ReturnType<typeof createCreditStore>;

export function createCreditStore({ db, engine }: { db: Db; engine: Engine }) {
  const change = (kind: CreditKind) => (asked: CreditMove, identity: Once) =>
    moveOnce({ db, engine }, { ...asked, kind }, identity);

  return {
    /** Money came in. */
    topUp: change("top_up"),
    /** The house gives it. */
    grant: change("grant"),
    /** Money goes back; `tooMuch` when less is left. */
    refund: change("refund"),

    /** What these accounts have. One that never had credit has zero of everything. */
    async states(userIds: readonly string[]): Promise<CreditState[]> {
      const ids = userIds.map((userId) => creditPlace(userId).id);
      const rows =
        ids.length === 0 ? [] : await db.selectFrom("spend_limit").selectAll().where("id", "in", ids).execute();
      const byOwner = new Map(rows.map((row) => [row.owner_id, row]));
      return userIds.map((userId) => {
        const row = byOwner.get(userId);
        return {
          userId,
          boughtNano: row?.lim_nano ?? 0n,
          spentNano: row?.posted_nano ?? 0n,
          heldNano: row?.pending_nano ?? 0n,
        };
      });
    },

    /** What calls since then cost beyond what had been set aside for them, and how many did. */
    async operatorLoss(sinceMs: number): Promise<{ nano: NanoUsd; requests: number }> {
      const sum = await db
        .selectFrom("posting")
        .select([
          sql<NanoUsd>`cast(coalesce(-sum(amount_nano), 0) as bigint)`.as("loss_nano"),
          sql<number>`count(*)`.as("requests"),
        ])
        .where("account_id", "=", HOUSE.operatorLoss)
        .where("created_at", ">=", sinceMs)
        .executeTakeFirstOrThrow();
      return { nano: sum.loss_nano, requests: sum.requests };
    },
  };
}

type Asked = CreditMove & { kind: CreditKind };

async function moveOnce(
  { db, engine }: { db: Db; engine: Engine },
  asked: Asked,
  identity: Once,
): Promise<CreditAnswer> {
  try {
    const answered = await once(db, identity, async (transaction) => {
      if (await stoodBefore(transaction, identity)) throw new NameUsed();
      const moving = moveCredit(dialectOf(engine), asked, identity);
      const moved = await converseWithin({ db: transaction, engine }, moving);
      await announce(transaction, asked.userId, identity.nowMs);
      await asked.onMoved?.(transaction, moved);
      return packMoney(moved);
    });
    if (answered.kind === "otherRequest") return answered;
    const moved = asChecked<CreditMoved>(unpackMoney(answered.answer));
    return { kind: "moved", moved, isRepeated: answered.isRepeated };
  } catch (error) {
    if (error instanceof NameUsed) return { kind: "otherRequest" };
    if (error instanceof TooMuch) return { kind: "tooMuch", leftNano: error.leftNano };
    throw error;
  }
}

/** The name has moved something so long ago that the answer is no longer kept. */
class NameUsed extends Error {
  override readonly name = "NameUsed";
}

async function stoodBefore(db: Db, identity: Pick<Once, "principal" | "name">): Promise<boolean> {
  const moved = db.selectFrom("transfer").select("id").where("request_id", "=", nameInBooks(identity));
  return (await moved.executeTakeFirst()) !== undefined;
}

function nameInBooks({ principal, name }: Pick<Once, "principal" | "name">): string {
  return `${principal}/${name}`;
}

/** Ends the transaction without a trace. */
class TooMuch extends Error {
  override readonly name = "TooMuch";
  readonly leftNano: NanoUsd;

  constructor(leftNano: NanoUsd) {
    super("less is left than was to go back");
    this.leftNano = leftNano;
  }
}

function creditPlace(userId: string) {
  return placeOf({ scope: "credit", ownerId: userId, reset: null }, 0);
}

const OTHER_SIDE = { top_up: HOUSE.paymentsIn, grant: HOUSE.promo, refund: HOUSE.refunds } as const;

function* moveCredit(
  dialect: Dialect,
  { userId, nano, note, actorId, kind }: Asked,
  identity: Once,
): Conversation<CreditMoved> {
  const { nowMs } = identity;
  if (nano <= 0n) throw new RangeError("only amounts above zero can be moved");
  const books = emptyBooks(nowMs);
  const place = creditPlace(userId);
  yield* makeRow(dialect, { ...place, posted_nano: 0n });
  books.limits.load(yield* loadLimits(dialect, [place.id]));
  const account = userAccount(userId);
  books.balances.load(yield* loadBalances(dialect, [account, OTHER_SIDE[kind]]));
  changeLim(books, place.id, kind === "refund" ? -nano : nano);
  const [from, to] = kind === "refund" ? [account, OTHER_SIDE[kind]] : [OTHER_SIDE[kind], account];
  const what = { kind, request_id: nameInBooks(identity), user_id: userId, usage_id: null, reverses: null };
  const transfer = move(books, { ...what, actor_id: actorId, note, from, to, nano });
  yield* save(dialect, books);
  const balanceNano = books.balances.get(account)?.balance_nano ?? 0n;
  return { transferId: transfer.id, kind, userId, nano, note, createdAtMs: nowMs, balanceNano };
}

function changeLim(books: Books, id: string, nano: NanoUsd): void {
  const row = books.limits.get(id);
  if (!row) throw new Error("the credit row is gone");
  if (leftOf(row) + nano < 0n) throw new TooMuch(greaterOf(leftOf(row), 0n));
  const lim = row.lim_nano + nano;
  books.limits.put(id, { ...row, lim_nano: lim, ceiling_nano: greaterOf(lim, row.ceiling_nano) });
}
