import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { StatementEntry } from "../../../../src/contract/schemas/credits.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDateTime } from "../../lib/format.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Money } from "../instance/money.tsx";

const TONES: Record<StatementEntry["kind"], BadgeTone> = {
  top_up: "good",
  grant: "good",
  refund: "warn",
  charge: "plain",
  correction: "brand",
};

interface StatementTableProps {
  entries: readonly StatementEntry[];
  /** Whether the requests behind charges can be shown: those of the own account. */
  linksRequests: boolean;
}

export function StatementTable({ entries, linksRequests }: StatementTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<StatementEntry>[] = [
    {
      name: "time",
      label: t("statement.time"),
      isMain: true,
      cell: ({ createdAt }) => (
        <time dateTime={new Date(createdAt).toISOString()} className="tabular-nums">
          {formatDateTime(createdAt, locale)}
        </time>
      ),
    },
    {
      name: "kind",
      label: t("statement.kind"),
      cell: ({ kind }) => <Badge tone={TONES[kind]}>{t(`statement.kind_${kind}`)}</Badge>,
    },
    {
      name: "note",
      label: t("statement.note"),
      className: "md:max-w-64 xl:max-w-96",
      cell: (entry) => <Note entry={entry} linksRequest={linksRequests} />,
    },
    {
      name: "amount",
      label: t("statement.amount"),
      align: "end",
      className: "md:whitespace-nowrap",
      cell: ({ amountUsd }) => (
        <span className={amountUsd.startsWith("-") ? "" : "font-semibold text-good"}>
          <Money usd={amountUsd} />
        </span>
      ),
    },
    {
      name: "after",
      label: t("statement.after"),
      align: "end",
      className: "md:whitespace-nowrap",
      cell: ({ balanceUsd }) => <Money usd={balanceUsd} />,
    },
  ];
  return <DataTable label={t("statement.title")} columns={columns} rows={entries} rowId={({ id }) => id} />;
}

function Note({ entry: { note, by, generationId }, linksRequest }: { entry: StatementEntry; linksRequest: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0 max-md:text-right [overflow-wrap:anywhere]">
      {note}
      {by === null ? null : <span className="block text-xs text-muted">{t("statement.by", { name: by })}</span>}
      {generationId !== null && linksRequest ? (
        <Link to="/logs" search={{ request: generationId }} className="text-link rounded">
          {t("statement.showRequest")}
        </Link>
      ) : null}
    </div>
  );
}
