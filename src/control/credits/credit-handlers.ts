/**
 * Credit of accounts, moved and read by whoever owns the instance: on the page, and by programs with a management key.
 *
 * Invariants: every movement has a name of its sender's, and happens once under it; what is paid back is neither spent
 * nor held.
 */
import { IDEMPOTENCY_HEADER, type MovedCredit } from "../../contract/schemas/credits.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { greaterOf, usdNumber, usdString } from "../../kernel/money.ts";
import type { CreditKind, CreditMoved, CreditStore } from "../../storage/ledger/credits.ts";
import type { AccountPageStore, ListedAccount } from "../../storage/stores/account-list.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import type { BudgetStore } from "../../storage/stores/budgets.ts";
import { keyActor, personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import { isoTime } from "../keys/key-view.ts";
import { type CreditOrder, moveCredit } from "./move-credit.ts";

export interface CreditHandlerDeps {
  credits: CreditStore;
  budgets: Pick<BudgetStore, "billing">;
  accounts: AccountPageStore;
  audit: AuditStore;
  clock: Clock;
  /** Brings the new credit into force in this process. */
  onCreditChanged(): Promise<void>;
}

type CreditOperations = "topUpAccount" | "refundAccount" | "getAccountCredits" | "topUpCredits" | "refundCredits";

export function creditHandlers(deps: CreditHandlerDeps): Handlers<CreditOperations> {
  const { accounts, credits, budgets } = deps;
  const find = async (idOrEmail: string): Promise<ListedAccount> => {
    const account = await accounts.find(idOrEmail);
    if (account === null) throw new GapuraError("resource_not_found", { values: { what: "This account" } });
    return account;
  };
  const move = async (order: Omit<CreditOrder, "nowMs" | "idempotencyKey">, request: Request) => {
    const idempotencyKey = request.headers.get(IDEMPOTENCY_HEADER) ?? "";
    const { moved, isRepeated } = await moveCredit(deps, { ...order, idempotencyKey, nowMs: deps.clock.nowMs() });
    if (!isRepeated) await deps.onCreditChanged();
    return { moved, headers: new Headers(isRepeated ? { "idempotent-replayed": "true" } : {}) };
  };
  return {
    topUpAccount: async ({ account, params, body, request, visitor }) => {
      const { id } = await find(params.id);
      const order = { kind: topUpKind(body.isGift), userId: id, nano: body.amountUsd, note: body.note ?? null };
      const { moved, headers } = await move(
        { ...order, actorId: account.userId, actor: personActor(account.userId, visitor) },
        request,
      );
      return { body: movedView(moved), headers };
    },
    refundAccount: async ({ account, params, body, request, visitor }) => {
      const { id } = await find(params.id);
      const order = { kind: "refund" as const, userId: id, nano: body.amountUsd, note: body.note ?? null };
      const { moved, headers } = await move(
        { ...order, actorId: account.userId, actor: personActor(account.userId, visitor) },
        request,
      );
      return { body: movedView(moved), headers };
    },
    getAccountCredits: async ({ params }) => {
      const { id } = await find(params.account);
      const [state] = await credits.states([id]);
      const { boughtNano = 0n, spentNano = 0n, heldNano = 0n } = state ?? {};
      return {
        body: {
          data: {
            account_id: id,
            billing: await budgets.billing(id),
            total_credits: usdNumber(boughtNano),
            total_usage: usdNumber(spentNano),
            held: usdNumber(heldNano),
            remaining: usdNumber(greaterOf(boughtNano - spentNano - heldNano, 0n)),
          },
        },
      };
    },
    topUpCredits: async ({ key, params, body, request, visitor }) => {
      const { id } = await find(params.account);
      const order = { kind: topUpKind(body.is_gift), userId: id, nano: body.amount, note: body.note ?? null };
      const { moved, headers } = await move(
        { ...order, actorId: key.userId, actor: keyActor(key.id, visitor) },
        request,
      );
      return { body: { data: apiMovedView(moved) }, headers };
    },
    refundCredits: async ({ key, params, body, request, visitor }) => {
      const { id } = await find(params.account);
      const order = { kind: "refund" as const, userId: id, nano: body.amount, note: body.note ?? null };
      const { moved, headers } = await move(
        { ...order, actorId: key.userId, actor: keyActor(key.id, visitor) },
        request,
      );
      return { body: { data: apiMovedView(moved) }, headers };
    },
  };
}

function topUpKind(isGift: boolean | undefined): CreditKind {
  return isGift === true ? "grant" : "top_up";
}

function movedView({ transferId, nano, note, createdAtMs, balanceNano }: CreditMoved): MovedCredit {
  return {
    id: transferId,
    amountUsd: usdString(nano),
    note,
    createdAt: createdAtMs,
    balanceUsd: usdString(balanceNano),
  };
}

function apiMovedView({ transferId, userId, nano, note, createdAtMs, balanceNano }: CreditMoved) {
  return {
    id: transferId,
    account_id: userId,
    amount: usdNumber(nano),
    note,
    created_at: isoTime(createdAtMs),
    balance: usdNumber(balanceNano),
  };
}
