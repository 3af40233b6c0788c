import { useNavigate } from "@tanstack/react-router";
import { Minus, Pencil, Plus, ReceiptText } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Budget, BudgetedAccount } from "../../../../src/contract/schemas/budgets.ts";
import { accountLabel } from "../../../../src/kernel/account-label.ts";
import { formatUsd } from "../../../../src/kernel/money-text.ts";
import { useLocale } from "../../i18n/language.ts";
import { isAboveZero, shareOfUsd } from "../../lib/format.ts";
import { Badge } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { MenuItem, RowMenu } from "../../ui/menu.tsx";
import { Meter } from "../../ui/meter.tsx";
import { PersonCell } from "../../ui/person-cell.tsx";
import { Money, useMoneyText } from "../instance/money.tsx";
import { windowOf } from "./budget-window.ts";
import { CapsText } from "./caps-text.tsx";

export type AccountAction = "edit" | "add" | "refund";

interface AccountTableProps {
  accounts: readonly BudgetedAccount[];
  onAction: (action: AccountAction, account: BudgetedAccount) => void;
}

export function AccountTable({ accounts, onAction }: AccountTableProps) {
  const { t } = useTranslation();
  const columns: Column<BudgetedAccount>[] = [
    {
      name: "account",
      label: t("budgets.account"),
      isMain: true,
      className: "md:max-w-56 xl:max-w-80",
      cell: ({ name, email, kind }) => <PersonCell name={name} email={email} kind={kind} />,
    },
    { name: "month", label: t("budgets.month"), align: "end", cell: ({ monthUsd }) => <Money usd={monthUsd} /> },
    { name: "tightest", label: t("budgets.tightest"), cell: (account) => <Bounds account={account} /> },
    { name: "billing", label: t("budgets.billing"), cell: (account) => <Billing account={account} /> },
    {
      name: "actions",
      label: t("budgets.actions"),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: (account) => <AccountMenu account={account} onAction={onAction} />,
    },
  ];
  return <DataTable label={t("budgets.accounts")} columns={columns} rows={accounts} rowId={({ id }) => id} />;
}

function Bounds({ account }: { account: BudgetedAccount }) {
  return (
    <div className="max-md:text-right">
      <Tightest account={account} />
      <CapsText caps={account.caps} className="mt-0.5 text-xs text-muted" />
    </div>
  );
}

/** The budget of which most is used. */
function Tightest({ account: { name, budgets } }: { account: BudgetedAccount }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const used = ({ spentUsd, limitUsd }: Budget) => shareOfUsd(spentUsd, limitUsd);
  const [tightest] = budgets.toSorted((one, other) => used(other) - used(one));
  if (tightest === undefined) return <span className="text-muted">{t("budgets.noBudget")}</span>;
  const { reset, spentUsd, heldUsd, limitUsd } = tightest;
  const window = t(`budgets.window_${windowOf(reset)}`);
  const text = t("budgets.usedOf", { spent: formatUsd(spentUsd, locale), limit: formatUsd(limitUsd, locale) });
  return (
    <div className="min-w-0 space-y-1 tabular-nums max-md:max-w-60 max-md:flex-1 md:w-40 lg:w-48">
      <p className="[overflow-wrap:anywhere]">{text}</p>
      <Meter
        label={t("budgets.meter", { name: `${name}, ${window}` })}
        text={text}
        used={used(tightest)}
        held={shareOfUsd(heldUsd, limitUsd)}
      />
      <p className="text-xs text-muted">{window}</p>
    </div>
  );
}

function Billing({ account: { credit } }: { account: BudgetedAccount }) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const isPrepaid = credit.billing === "prepaid";
  const hasCredit = isPrepaid || credit.leftUsd !== "0";
  return (
    <div className="max-md:text-right">
      <Badge tone={isPrepaid ? "brand" : "plain"}>
        {isPrepaid ? t("budgets.prepaidBadge") : t("budgets.unmetered")}
      </Badge>
      {hasCredit ? (
        <span className="mt-0.5 block text-xs text-muted tabular-nums">
          {t("budgets.creditOf", { left: money(credit.leftUsd) })}
        </span>
      ) : null}
    </div>
  );
}

function AccountMenu({ account, onAction }: { account: BudgetedAccount; onAction: AccountTableProps["onAction"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const hasCredit = isAboveZero(account.credit.leftUsd);
  return (
    <RowMenu label={t("budgets.actionsFor", { name: accountLabel(account) })}>
      <MenuItem onClick={() => onAction("edit", account)}>
        <Pencil aria-hidden />
        {t("budgets.edit")}
      </MenuItem>
      <MenuItem onClick={() => onAction("add", account)}>
        <Plus aria-hidden />
        {t("budgets.addCredit")}
      </MenuItem>
      {hasCredit ? (
        <MenuItem onClick={() => onAction("refund", account)}>
          <Minus aria-hidden />
          {t("budgets.refund")}
        </MenuItem>
      ) : null}
      <MenuItem onClick={() => void navigate({ to: "/statement", search: { account: account.id } })}>
        <ReceiptText aria-hidden />
        {t("budgets.showStatement")}
      </MenuItem>
    </RowMenu>
  );
}
