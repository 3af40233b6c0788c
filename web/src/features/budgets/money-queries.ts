/** Reading and changing budgets, credit and notices. All of it is read again after every change to any of it. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { call } from "../../lib/api.ts";
import { unlessLive } from "../../lib/live.ts";

const ACCOUNTS_PER_PAGE = 25;
const LOOK_EVERY_MS = 15_000;
const MONEY = "money";

export const budgetsQuery = queryOptions({
  queryKey: [MONEY, "own"],
  queryFn: ({ signal }) => call("getBudgets", { signal }),
  refetchInterval: unlessLive(LOOK_EVERY_MS),
});

/** For the owner: the whole instance. */
export const instanceBudgetsQuery = queryOptions({
  queryKey: [MONEY, "instance"],
  queryFn: ({ signal }) => call("getInstanceBudgets", { signal }),
  refetchInterval: LOOK_EVERY_MS,
});

/** For the owner: everybody, in the order of their addresses. */
export function accountsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [MONEY, "accounts", search],
    queryFn: ({ pageParam, signal }) =>
      call("listBudgetedAccounts", {
        query: { q: search, limit: ACCOUNTS_PER_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
}

export const noticesQuery = queryOptions({
  queryKey: [MONEY, "notices"],
  queryFn: ({ signal }) => call("listNotices", { signal }),
  refetchInterval: unlessLive(LOOK_EVERY_MS),
});

export const noticeSettingsQuery = queryOptions({
  queryKey: [MONEY, "notice-settings"],
  queryFn: ({ signal }) => call("getNoticeSettings", { signal }),
});

function readMoneyAgain(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: [MONEY] });
}

/** Whose budgets are set: the own ones, those of the instance, or those of an account. */
export type BudgetTarget = { scope: "own" } | { scope: "instance" } | { scope: "account"; id: string };

function setBudgets(target: BudgetTarget, body: BodyOf<"setAccountBudgets">): Promise<unknown> {
  if (target.scope === "account") return call("setAccountBudgets", { params: { id: target.id }, body });
  const { billing: _billing, caps: _caps, ...limits } = body;
  return call(target.scope === "own" ? "setBudgets" : "setInstanceBudgets", { body: limits });
}

export function useSetBudgets(target: BudgetTarget) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"setAccountBudgets">) => setBudgets(target, body),
    onSettled: () => readMoneyAgain(queries),
  });
}

export interface CreditMove {
  direction: "add" | "refund";
  amountUsd: string;
  note: string | null;
  isGift: boolean;
}

/** Moves credit once for each `idempotencyKey`, whatever happens to the connection. */
export function useMoveCredit(accountId: string, idempotencyKey: string) {
  const queries = useQueryClient();
  const input = { params: { id: accountId }, idempotencyKey };
  return useMutation({
    mutationFn: ({ direction, amountUsd, note, isGift }: CreditMove) =>
      direction === "add"
        ? call("topUpAccount", { ...input, body: { amountUsd, note, isGift } })
        : call("refundAccount", { ...input, body: { amountUsd, note } }),
    onSettled: () => readMoneyAgain(queries),
  });
}

/** A name for one movement of money; also where the page is not served over HTTPS, without `crypto.randomUUID`. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function useDismissNotice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("dismissNotice", { params: { id } }),
    onSettled: () => readMoneyAgain(queries),
  });
}

export function useChangeNoticeSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"updateNoticeSettings">) => call("updateNoticeSettings", { body }),
    onSuccess: (changed) => queries.setQueryData(noticeSettingsQuery.queryKey, changed),
    onSettled: () => readMoneyAgain(queries),
  });
}
