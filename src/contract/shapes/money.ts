/** The shapes of everything about money but the keys' own limits. */
import { z } from "zod";
import * as account from "../schemas/account.ts";
import * as budgets from "../schemas/budgets.ts";
import { idParams } from "../schemas/common.ts";
import * as credits from "../schemas/credits.ts";
import * as keyApi from "../schemas/key-api.ts";
import * as notices from "../schemas/notices.ts";
import * as reconciliation from "../schemas/reconciliation.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const moneyShapes = {
  getBudgets: {
    summary: "Budgets and credit of the own account",
    status: 200,
    response: budgets.accountBudgetsSchema,
  },
  setBudgets: {
    summary: "Bound the own account",
    status: 200,
    response: budgets.accountBudgetsSchema,
    body: budgets.setBudgetsBody,
  },
  getInstanceBudgets: {
    summary: "Budgets of the whole instance, and what the operator bore",
    status: 200,
    response: budgets.instanceBudgetsSchema,
  },
  setInstanceBudgets: {
    summary: "Bound the whole instance",
    status: 200,
    response: budgets.instanceBudgetsSchema,
    body: budgets.setBudgetsBody,
  },
  listBudgetedAccounts: {
    summary: "Every account with its budgets and credit",
    status: 200,
    response: budgets.budgetedAccountListSchema,
    query: budgets.listAccountsQuery,
  },
  setAccountBudgets: {
    summary: "Bound what an account spends and how fast it calls, or let it pay in advance",
    status: 200,
    response: budgets.budgetedAccountSchema,
    params: idParams,
    body: budgets.setAccountBudgetsBody,
  },
  topUpAccount: {
    summary: "Add credit to an account, once for each Idempotency-Key",
    status: 201,
    response: credits.movedCreditSchema,
    params: idParams,
    body: credits.topUpBody,
  },
  refundAccount: {
    summary: "Pay unused credit of an account back, once for each Idempotency-Key",
    status: 201,
    response: credits.movedCreditSchema,
    params: idParams,
    body: credits.moveCreditBody,
  },
  getAccountStatement: {
    summary: "What was moved on an account, newest first",
    status: 200,
    response: credits.statementSchema,
    params: idParams,
    query: credits.statementQuery,
  },
  exportAccountStatement: {
    summary: "The statement of an account as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    params: idParams,
    query: credits.statementExportQuery,
  },
  getStatement: {
    summary: "What was moved on the own account, newest first",
    status: 200,
    response: credits.statementSchema,
    query: credits.statementQuery,
  },
  exportStatement: {
    summary: "The own statement as CSV",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: credits.statementExportQuery,
  },
  listNotices: {
    summary: "Limits that are nearly or wholly used",
    status: 200,
    response: notices.noticeListSchema,
  },
  dismissNotice: { summary: "Put a notice away", status: 200, response: account.doneSchema, params: idParams },
  getNoticeSettings: {
    summary: "Which notices of limits the account gets",
    status: 200,
    response: notices.noticeSettingsSchema,
  },
  updateNoticeSettings: {
    summary: "Choose which notices of limits the account gets",
    status: 200,
    response: notices.noticeSettingsSchema,
    body: notices.updateNoticeSettingsBody,
  },
  reconcileUsage: {
    summary: "Compare a provider's exported usage with the own records",
    status: 200,
    response: reconciliation.reconciliationSchema,
    body: reconciliation.reconcileBody,
    maxBodyBytes: reconciliation.MAX_EXPORT_BYTES,
  },
  getCredits: { summary: "Credits and usage of the account", status: 200, response: keyApi.creditsSchema },
  getAccountCredits: {
    summary: "Credits and usage of any account, for the owner",
    status: 200,
    response: credits.apiAccountCreditsSchema,
    params: credits.accountParams,
  },
  topUpCredits: {
    summary: "Add credit to an account, once for each Idempotency-Key",
    status: 201,
    response: credits.apiMovedCreditSchema,
    params: credits.accountParams,
    body: credits.apiTopUpBody,
  },
  refundCredits: {
    summary: "Pay unused credit of an account back, once for each Idempotency-Key",
    status: 201,
    response: credits.apiMovedCreditSchema,
    params: credits.accountParams,
    body: credits.apiMoveCreditBody,
  },
} as const satisfies Record<string, RouteShapes>;
