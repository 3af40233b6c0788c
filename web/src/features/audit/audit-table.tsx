import { useTranslation } from "react-i18next";
import type { AuditEntryView } from "../../../../src/contract/schemas/audit.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDateTime } from "../../lib/format.ts";
import { ChosenTable } from "../../ui/chosen-table.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { actionText, fieldText, valueText } from "./audit-words.ts";

interface AuditTableProps {
  entries: readonly AuditEntryView[];
  /** Names of the columns that are shown, as they stand in the address. */
  chosen: string | undefined;
  onChoose: (columns: string | undefined) => void;
}

export function AuditTable({ entries, ...choice }: AuditTableProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const columns: Column<AuditEntryView>[] = [
    {
      name: "action",
      label: t("audit.what"),
      isMain: true,
      cell: ({ action, at }) => (
        <div>
          <span className="block font-semibold">{actionText(action, t)}</span>
          <time className="block text-xs font-normal text-muted" dateTime={new Date(at).toISOString()}>
            {formatDateTime(at, locale)}
          </time>
        </div>
      ),
    },
    {
      name: "who",
      label: t("audit.who"),
      cell: ({ actor, address }) => (
        <div className="max-md:text-right [overflow-wrap:anywhere]">
          <Named {...actor} kind={t(`audit.kind_${actorKind(actor.kind)}`)} />
          {address === null ? null : <span className="block text-xs text-muted">{address}</span>}
        </div>
      ),
    },
    {
      name: "target",
      label: t("audit.target"),
      cell: ({ target }) => (
        <div className="max-md:text-right [overflow-wrap:anywhere]">
          <Named {...target} />
        </div>
      ),
    },
    {
      name: "changes",
      label: t("audit.changes"),
      className: "max-md:flex-col max-md:gap-1",
      cell: ({ before, after }) => <Changes before={before} after={after} />,
    },
  ];
  return (
    <ChosenTable
      {...choice}
      label={t("audit.title")}
      columns={columns}
      rows={entries}
      rowId={({ seq }) => String(seq)}
    />
  );
}

const ACTOR_KINDS = ["person", "key", "cli", "system", "visitor"] as const;

function actorKind(kind: string): (typeof ACTOR_KINDS)[number] {
  return ACTOR_KINDS.find((known) => known === kind) ?? "system";
}

function Named({ kind, id, name }: { kind: string; id: string | null; name: string | null }) {
  if (id === null) return <span>{kind}</span>;
  return (
    <>
      <span className="block">{name ?? kind}</span>
      <code className="block font-mono text-xs text-muted">{id}</code>
    </>
  );
}

const SHOWN_FIELDS = 6;

/** The first few fields, and the others when they are asked for. What was made without a value says nothing. */
function Changes({ before, after }: Pick<AuditEntryView, "before" | "after">) {
  const { t } = useTranslation();
  const all = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const names = before === null ? all.filter((name) => after?.[name] !== null) : all;
  if (names.length === 0) return <span className="text-muted">{t("common.none")}</span>;
  const more = names.slice(SHOWN_FIELDS);
  return (
    <div className="text-xs [overflow-wrap:anywhere]">
      <FieldList names={names.slice(0, SHOWN_FIELDS)} before={before} after={after} />
      {more.length === 0 ? null : (
        <details className="mt-0.5">
          <summary className="cursor-pointer text-muted">{t("audit.moreFields", { count: more.length })}</summary>
          <FieldList names={more} before={before} after={after} />
        </details>
      )}
    </div>
  );
}

/** Each field that changed on a line of its own: what it was, struck through, and what it is. */
function FieldList({ names, before, after }: { names: string[] } & Pick<AuditEntryView, "before" | "after">) {
  const { t } = useTranslation();
  return (
    <dl className="space-y-0.5">
      {names.map((name) => (
        <div key={name}>
          <dt className="inline font-semibold">{fieldText(name, t)}: </dt>
          <dd className="inline">
            {before && name in before ? (
              <del className="text-muted">
                <span className="sr-only">{t("audit.was")} </span>
                <span translate="no">{valueText(before[name], t)}</span>
              </del>
            ) : null}
            {before && after && name in before && name in after ? <span aria-hidden> → </span> : null}
            {after && name in after ? (
              <ins className="no-underline">
                <span className="sr-only">{t("audit.is")} </span>
                <span translate="no">{valueText(after[name], t)}</span>
              </ins>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
