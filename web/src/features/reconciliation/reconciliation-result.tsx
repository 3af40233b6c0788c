import { useTranslation } from "react-i18next";
import type { ReconciledSums, ReconciliationView } from "../../../../src/contract/schemas/reconciliation.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount, formatDateTime, formatUtcDate } from "../../lib/format.ts";
import { Card } from "../../ui/card.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Money, useMoneyText } from "../instance/money.tsx";

type Difference = ReconciliationView["differences"][number];

/** What agrees, what does not, and why. */
export function ReconciliationResult({ result }: { result: ReconciliationView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const { format, provider, fromMs, toMs, agreeing, differing, differences, lossUsd } = result;
  const verdict = differing === 0 ? t("reconciliation.agree") : t("reconciliation.differ", { count: differing });
  return (
    <>
      <Notice tone={differing === 0 ? "good" : "warn"} title={verdict}>
        <p>{t("reconciliation.agreeing", { count: agreeing })}</p>
      </Notice>
      <Card aria-label={verdict}>
        <p className="mb-3 text-sm text-muted">
          {t("reconciliation.summary", {
            format,
            provider,
            from: formatUtcDate(fromMs, locale),
            // The end itself is the first moment that was not compared.
            to: formatUtcDate(toMs - 1, locale),
          })}
        </p>
        <Sums result={result} />
        {lossUsd === "0" ? null : (
          <p className="mt-3 text-sm">{t("reconciliation.borne", { amount: money(lossUsd) })}</p>
        )}
      </Card>
      <Reasons reasons={result.reasons} />
      {differences.length === 0 ? null : (
        <section aria-label={t("reconciliation.largest")}>
          <h2 className="mb-3 text-lg font-bold">{t("reconciliation.largest")}</h2>
          <div className="overflow-hidden md:rounded-card md:border md:border-line md:bg-surface md:shadow-card">
            <Differences result={result} />
          </div>
        </section>
      )}
    </>
  );
}

const NAMES = {
  requests: "reconciliation.requests",
  inputTokens: "reconciliation.inputTokens",
  outputTokens: "reconciliation.outputTokens",
  costUsd: "reconciliation.cost",
} as const satisfies Record<keyof ReconciledSums, string>;

function Sums({ result: { said, theirs, ours } }: { result: ReconciliationView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const counted = (name: "requests" | "inputTokens" | "outputTokens", isSaid: boolean) => ({
    name: NAMES[name],
    theirs: isSaid ? formatCount(theirs[name], locale) : t("reconciliation.notSaid"),
    ours: formatCount(ours[name], locale),
  });
  const rows = [
    counted("requests", said.requests),
    counted("inputTokens", said.tokens),
    counted("outputTokens", said.tokens),
    {
      name: NAMES.costUsd,
      theirs: said.cost ? <Money usd={theirs.costUsd} /> : t("reconciliation.notSaid"),
      ours: <Money usd={ours.costUsd} />,
    },
  ];
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="text-xs text-muted">
          <td />
          <th scope="col" className="py-2 pl-3 text-right font-semibold">
            {t("reconciliation.atProvider")}
          </th>
          <th scope="col" className="py-2 pl-3 text-right font-semibold">
            {t("reconciliation.here")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} className="border-t border-line tabular-nums">
            <th scope="row" className="py-2 text-left font-normal text-muted">
              {t(row.name)}
            </th>
            <td className="py-2 pl-3 text-right">{row.theirs}</td>
            <td className="py-2 pl-3 text-right">{row.ours}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reasons({ reasons }: Pick<ReconciliationView, "reasons">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const found = REASONS.flatMap((reason) => {
    const count = reasons[reason] ?? 0;
    return count > 0 ? [{ reason, count }] : [];
  });
  if (found.length === 0) return null;
  return (
    <Card aria-label={t("reconciliation.reasons")}>
      <h2 className="font-bold">{t("reconciliation.reasons")}</h2>
      <ul className="mt-2 space-y-1.5 text-sm">
        {found.map(({ reason, count }) => (
          <li key={reason} className="flex gap-3">
            <span className="w-12 shrink-0 text-right font-semibold tabular-nums">{formatCount(count, locale)}</span>
            <span>{t(`reconciliation.reason_${reason}`)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The order in which the contract names them. */
const REASONS = ["notOurs", "notTheirs", "estimated", "unpriced", "loss", "price", "tokens"] as const;

function Differences({ result: { by, differences, said } }: { result: ReconciliationView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<Difference>[] = [
    {
      name: "day",
      label: t("reconciliation.day"),
      isMain: true,
      cell: ({ atMs }) => (by === "day" ? formatUtcDate(atMs, locale) : formatDateTime(atMs, locale)),
    },
    {
      name: "what",
      label: t("reconciliation.what"),
      className: "md:max-w-52 xl:max-w-72",
      cell: ({ id, model }) => (
        <code className="font-mono text-xs [overflow-wrap:anywhere] max-md:text-right">
          {id ?? model ?? t("reconciliation.allModels")}
        </code>
      ),
    },
    {
      name: "theirs",
      label: t("reconciliation.atProvider"),
      align: "end",
      cell: ({ theirs }) => <Side sums={theirs} hasTokens={said.tokens} hasCost={said.cost} />,
    },
    {
      name: "ours",
      label: t("reconciliation.here"),
      align: "end",
      cell: ({ ours }) => <Side sums={ours} hasTokens={said.tokens} hasCost={said.cost} />,
    },
    {
      name: "why",
      label: t("reconciliation.why"),
      cell: ({ reasons }) => (
        <ul className="space-y-0.5 max-md:text-right">
          {reasons.map((reason) => (
            <li key={reason}>{t(`reconciliation.reason_${reason}`)}</li>
          ))}
        </ul>
      ),
    },
  ];
  return (
    <DataTable
      label={t("reconciliation.largest")}
      columns={columns}
      rows={differences}
      rowId={({ id, atMs, model }) => `${id} ${atMs} ${model}`}
    />
  );
}

function Side({ sums, hasTokens, hasCost }: { sums: ReconciledSums | null; hasTokens: boolean; hasCost: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (sums === null) return <span className="text-muted">{t("reconciliation.nothing")}</span>;
  const tokens = t("reconciliation.tokensOf", {
    input: formatCount(sums.inputTokens, locale),
    output: formatCount(sums.outputTokens, locale),
  });
  return (
    <div>
      {hasCost ? <Money usd={sums.costUsd} /> : null}
      {hasTokens ? <span className="block text-xs text-muted">{tokens}</span> : null}
    </div>
  );
}
