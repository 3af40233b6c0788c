import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BudgetedAccount } from "../../../../src/contract/schemas/budgets.ts";
import { accountLabel } from "../../../../src/kernel/account-label.ts";
import { useLocale } from "../../i18n/language.ts";
import { call } from "../../lib/api.ts";
import { formatCount } from "../../lib/format.ts";
import { CsvButton } from "../../ui/csv-button.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ShowMore } from "../../ui/show-more.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { type AccountAction, AccountTable } from "./account-table.tsx";
import { windowOf } from "./budget-window.ts";
import { EditBudgetsDialog } from "./edit-budgets-dialog.tsx";
import { accountsQuery } from "./money-queries.ts";
import { MoveCreditDialog } from "./move-credit-dialog.tsx";

interface AccountsPanelProps {
  search: string;
  onSearch: (text: string) => void;
}

/** For the owner of the instance: everybody's budgets and credit. */
export function AccountsPanel({ search, onSearch }: AccountsPanelProps) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("budgets.accounts")}>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("budgets.accounts")}</h2>
        <div className="flex min-w-0 flex-1 flex-wrap justify-end gap-3">
          <SearchField
            label={t("budgets.search")}
            initial={search}
            onSearch={onSearch}
            className="min-w-0 flex-1 basis-56 sm:max-w-xs"
          />
          <AccountsCsv search={search} />
        </div>
      </div>
      <AccountList search={search} />
    </section>
  );
}

const ACCOUNTS_HEAD = [
  "id",
  "name",
  "email",
  "spent_this_month_usd",
  "billing",
  "credit_bought_usd",
  "credit_left_usd",
];
const ACCOUNTS_PER_FILE_PAGE = 100;

function AccountsCsv({ search }: { search: string }) {
  return (
    <CsvButton
      file="gapura-accounts.csv"
      head={ACCOUNTS_HEAD}
      read={async (cursor) => {
        const { accounts, nextCursor } = await call("listBudgetedAccounts", {
          query: { q: search, limit: ACCOUNTS_PER_FILE_PAGE, ...(cursor ? { cursor } : {}) },
        });
        const rows = accounts.map(({ id, name, email, monthUsd, credit }) => [
          ...[id, name, email, monthUsd, credit.billing, credit.boughtUsd, credit.leftUsd],
        ]);
        return { rows, nextCursor };
      }}
    />
  );
}

function AccountList({ search }: { search: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = useInfiniteQuery(accountsQuery(search));
  const [pending, setPending] = useState<{ action: AccountAction; account: BudgetedAccount } | null>(null);
  if (list.isPending) return <LoadingRows />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;

  const accounts = list.data.pages.flatMap((page) => page.accounts);
  const total = list.data.pages[0]?.total ?? accounts.length;
  if (accounts.length === 0) return <EmptyState title={t("budgets.noAccount", { query: search })} />;
  return (
    <>
      <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
        <AccountTable accounts={accounts} onAction={(action, account) => setPending({ action, account })} />
      </div>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <p role="status">
          {accounts.length < total
            ? t("common.shownOf", { shown: formatCount(accounts.length, locale), total: formatCount(total, locale) })
            : t("budgets.count", { count: total })}
        </p>
        <ShowMore list={list} />
      </div>
      {pending ? <ActionDialog {...pending} onClose={() => setPending(null)} /> : null}
    </>
  );
}

interface ActionDialogProps {
  action: AccountAction;
  account: BudgetedAccount;
  onClose: () => void;
}

function ActionDialog({ action, account, onClose }: ActionDialogProps) {
  if (action !== "edit") return <MoveCreditDialog direction={action} account={account} onClose={onClose} />;
  const { id, budgets, credit, caps } = account;
  return (
    <EditBudgetsDialog
      target={{ scope: "account", id }}
      whose={accountLabel(account)}
      initial={Object.fromEntries(budgets.map(({ reset, ownerLimitUsd }) => [windowOf(reset), ownerLimitUsd]))}
      billing={credit.billing}
      caps={caps}
      onClose={onClose}
    />
  );
}
