/**
 * Movements of money in double entry: each transfer has postings that add up to zero, and each posting carries its
 * account's balance after it. Pure: balances are loaded and locked by the caller.
 */
import { newId } from "../../kernel/ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Books, TransferRow } from "./books.ts";
import type { HeldMoney } from "./commands.ts";

/** Accounts of the house. */
export const HOUSE = {
  revenue: "revenue",
  paymentsIn: "payments_in",
  promo: "promo",
  refunds: "refunds",
  operatorLoss: "operator_loss",
  providerCost: "provider_cost",
} as const;

export function userAccount(userId: string): string {
  return `user:${userId}`;
}

/** From whom, to whom, how much, and what is kept with it. The amount is above zero. */
export interface Movement extends Omit<TransferRow, "id" | "created_at"> {
  from: string;
  to: string;
  nano: NanoUsd;
}

/** Enters a transfer and its two postings. */
export function move(books: Books, { from, to, nano, ...what }: Movement): TransferRow {
  const transfer = { id: newId("tr"), created_at: books.nowMs, ...what };
  books.transfers.push(transfer);
  post(books, transfer, { account: from, nano: -nano });
  post(books, transfer, { account: to, nano });
  return transfer;
}

function post(books: Books, transfer: TransferRow, { account, nano }: { account: string; nano: NanoUsd }): void {
  const before = books.balances.get(account) ?? { account_id: account, balance_nano: 0n, version: 0 };
  const after = { ...before, balance_nano: before.balance_nano + nano, version: before.version + 1 };
  books.balances.put(account, after);
  books.postings.push({
    transfer_id: transfer.id,
    account_id: account,
    kind: transfer.kind,
    amount_nano: nano,
    balance_nano: after.balance_nano,
    version: after.version,
    created_at: transfer.created_at,
  });
}

/** A call whose money moves. */
export interface Charged {
  hold: HeldMoney;
  usageId: string;
}

/** What a prepaid account pays for a call. */
export function moveCharge(books: Books, { hold, usageId }: Charged, nano: NanoUsd): void {
  if (nano <= 0n) return;
  move(books, { ...ofCall("charge", { hold, usageId }), from: userAccount(hold.userId), to: HOUSE.revenue, nano });
}

/** What a call cost beyond what was set aside for it. */
export function moveLoss(books: Books, { hold, usageId }: Charged, nano: NanoUsd): void {
  if (nano <= 0n) return;
  move(books, { ...ofCall("loss", { hold, usageId }), from: HOUSE.operatorLoss, to: HOUSE.providerCost, nano });
}

function ofCall(kind: string, { hold, usageId }: Charged) {
  const { requestId, userId } = hold;
  return {
    kind,
    request_id: requestId,
    user_id: userId,
    usage_id: usageId,
    reverses: null,
    actor_id: null,
    note: null,
  };
}
