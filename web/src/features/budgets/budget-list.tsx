import { Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Budget, Credit } from "../../../../src/contract/schemas/budgets.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatAgo, formatDateTime, isAboveZero, shareOfUsd } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Meter } from "../../ui/meter.tsx";
import { Money, useMoneyText } from "../instance/money.tsx";
import { windowOf } from "./budget-window.ts";

interface BudgetCardProps {
  title: string;
  text: string;
  budgets: readonly Budget[];
  /** Whether it is told who has set what. */
  showsSetters: boolean;
  /** Credit that bounds these calls as well. */
  credit?: Credit | undefined;
  /** Left out for those who may not. */
  onEdit?: (() => void) | undefined;
  children?: ReactNode;
}

/** Everything that bounds somebody's spending, each with its bar and its numbers. */
export function BudgetCard({ title, text, budgets, showsSetters, credit, onEdit, children }: BudgetCardProps) {
  const { t } = useTranslation();
  const isPrepaid = credit?.billing === "prepaid";
  return (
    <Card aria-label={title}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-lg font-bold">{title}</h2>
          <p className="mt-0.5 max-w-2xl text-sm text-muted text-pretty">{text}</p>
        </div>
        {onEdit ? (
          <Button onClick={onEdit}>
            <Pencil aria-hidden />
            {t("budgets.edit")}
          </Button>
        ) : null}
      </div>
      {budgets.length === 0 && !isPrepaid ? <p className="mt-4 text-sm">{t("budgets.none")}</p> : null}
      <Bounds budgets={budgets} credit={credit} showsSetters={showsSetters} of={title} />
      {children}
    </Card>
  );
}

interface BoundsProps extends Pick<BudgetCardProps, "budgets" | "credit" | "showsSetters"> {
  /** Whose they are, for assistive technology. */
  of: string;
}

/** The bars of budgets, and of credit that is paid in advance. */
export function Bounds({ budgets, credit, showsSetters, of }: BoundsProps) {
  return (
    <div className="mt-2 divide-y divide-line">
      {credit?.billing === "prepaid" ? <CreditBound credit={credit} of={of} /> : null}
      {budgets.map((budget) => (
        <BudgetBound key={windowOf(budget.reset)} budget={budget} showsSetters={showsSetters} of={of} />
      ))}
    </div>
  );
}

function BudgetBound({ budget, showsSetters, of }: { budget: Budget; showsSetters: boolean; of: string }) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const { limitUsd, ownerLimitUsd, selfLimitUsd, spentUsd } = budget;
  const setters = [
    ownerLimitUsd === null ? [] : t("budgets.setByOwner", { amount: money(ownerLimitUsd) }),
    selfLimitUsd === null ? [] : t("budgets.setByYou", { amount: money(selfLimitUsd) }),
  ].flat();
  return (
    <Bound
      name={t(`budgets.window_${windowOf(budget.reset)}`)}
      of={of}
      amounts={{ ...budget, wholeUsd: limitUsd }}
      text={t("budgets.usedOf", { spent: money(spentUsd), limit: money(limitUsd) })}
      resetsAt={budget.resetsAt}
      detail={showsSetters ? setters.join(" · ") : ""}
    />
  );
}

function CreditBound({ credit, of }: { credit: Credit; of: string }) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const { boughtUsd, leftUsd } = credit;
  return (
    <Bound
      name={t("budgets.credit")}
      of={of}
      amounts={{ ...credit, wholeUsd: boughtUsd }}
      text={t("budgets.creditLeft", { left: money(leftUsd), bought: money(boughtUsd) })}
      resetsAt={null}
      detail={t("budgets.creditText")}
    />
  );
}

interface BoundProps {
  name: string;
  of: string;
  amounts: { spentUsd: string; heldUsd: string; leftUsd: string; wholeUsd: string; endsAt: number | null };
  /** How much of it is used, in words. */
  text: string;
  resetsAt: number | null;
  detail: string;
}

function Bound({ name, of, amounts, text, resetsAt, detail }: BoundProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { spentUsd, heldUsd, leftUsd, wholeUsd, endsAt } = amounts;
  const forecast = !isAboveZero(leftUsd)
    ? t("budgets.nothingLeft")
    : endsAt === null
      ? t("budgets.lasts")
      : t("budgets.endsAt", { when: formatDateTime(endsAt, locale) });
  const facts: [string, ReactNode][] = [
    [t("budgets.spent"), <Money key="spent" usd={spentUsd} />],
    [t("budgets.held"), <Money key="held" usd={heldUsd} />],
    [t("budgets.left"), <Money key="left" usd={leftUsd} />],
    [t("budgets.anew"), resetsAt === null ? t("budgets.never") : <Moment key="anew" timeMs={resetsAt} />],
    [t("budgets.atThisPace"), forecast],
  ];
  return (
    <div className="py-4 last:pb-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-semibold">{name}</h3>
        <p className="text-sm tabular-nums">{text}</p>
      </div>
      <Meter
        label={t("budgets.meter", { name: `${of}, ${name}` })}
        text={text}
        used={shareOfUsd(spentUsd, wholeUsd)}
        held={shareOfUsd(heldUsd, wholeUsd)}
        className="mt-2"
      />
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3 text-sm sm:grid-cols-3 xl:grid-cols-5">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0 max-sm:last:col-span-2">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="mt-0.5 tabular-nums [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      {detail === "" ? null : <p className="mt-3 text-xs text-muted [overflow-wrap:anywhere]">{detail}</p>}
    </div>
  );
}

function Moment({ timeMs }: { timeMs: number }) {
  const locale = useLocale();
  return (
    <time dateTime={new Date(timeMs).toISOString()}>
      {formatAgo(timeMs, Date.now(), locale)}
      <span className="block text-xs text-muted">{formatDateTime(timeMs, locale)}</span>
    </time>
  );
}
