import { Link, useNavigate } from "@tanstack/react-router";
import { CirclePause, CirclePlay, Code, KeyRound, List, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatDate, formatDateTime } from "../../lib/format.ts";
import type { KeyTrendMetric } from "../../routes/search.ts";
import { Badge } from "../../ui/badge.tsx";
import { ChosenTable } from "../../ui/chosen-table.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { MenuItem, MenuSeparator, RowMenu } from "../../ui/menu.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import type { ChosenKeys } from "../key-risks/bulk-bar.tsx";
import { useReach } from "../team/accounts.ts";
import { KeyMaker } from "../team/key-maker.tsx";
import { Permitted } from "../team/permitted.tsx";
import { KeySpending } from "./key-spending.tsx";
import { KeyTrend, type ShownTrends } from "./key-trend.tsx";
import { appHost } from "./limits.ts";

export type KeyAction = "edit" | "rotate" | "endFormer" | "disable" | "enable" | "delete" | "examples";

interface KeyTableProps {
  keys: readonly ApiKeyRow[];
  trends: ShownTrends;
  trendMetric: KeyTrendMetric;
  /** Names of the columns that are shown, as they stand in the address. */
  chosen: string | undefined;
  onChoose: (columns: string | undefined) => void;
  /** Which keys are chosen, to do something with all of them. */
  choice: ChosenKeys;
  onAction: (action: KeyAction, key: ApiKeyRow) => void;
}

export function KeyTable({ keys, trends, trendMetric, choice, onAction, ...shown }: KeyTableProps) {
  const { t } = useTranslation();
  const mayChange = useReach("changeKeys") !== "none";
  const columns: Column<ApiKeyRow>[] = [
    {
      name: "name",
      label: t("keys.columnName"),
      isMain: true,
      className: "md:max-w-40 xl:max-w-80",
      cell: (key) => (
        <div className="flex min-w-0 items-start gap-3">
          <input
            type="checkbox"
            hidden={!mayChange}
            aria-label={t("keys.choose", { name: key.name })}
            className="mt-1 size-4 shrink-0 accent-brand"
            checked={choice.ids.has(key.id)}
            onChange={({ target }) => choice.choose(key.id, target.checked)}
          />
          <div className="min-w-0">
            <Link
              to="/keys/$id"
              params={{ id: key.id }}
              className="text-link block min-w-0 rounded font-semibold [overflow-wrap:anywhere] md:truncate"
              title={key.name}
            >
              {key.name}
            </Link>
            <code className="block font-mono text-xs font-normal whitespace-nowrap text-muted">{key.label}</code>
            <KeyOrigin apiKey={key} />
            <KeyMaker createdBy={key.createdBy} />
            <FormerSecret apiKey={key} />
          </div>
        </div>
      ),
    },
    { name: "created", label: t("keys.columnCreated"), cell: (key) => <TimeAgo timeMs={key.createdAt} /> },
    {
      name: "lastUsed",
      label: t("keys.columnLastUsed"),
      cell: (key) => (key.lastUsedAt === null ? t("common.never") : <TimeAgo timeMs={key.lastUsedAt} />),
    },
    {
      name: "trend",
      label: t("keys.columnTrend"),
      cell: (key) => <KeyTrend id={key.id} trends={trends} metric={trendMetric} />,
    },
    { name: "spent", label: t("keys.columnSpent"), cell: (key) => <KeySpending apiKey={key} /> },
    { name: "state", label: t("keys.columnState"), cell: (key) => <KeyState apiKey={key} /> },
    {
      name: "actions",
      label: t("keys.columnActions"),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: (key) => (
        <Permitted to="updateKey">
          <KeyMenu apiKey={key} onAction={onAction} />
        </Permitted>
      ),
    },
  ];
  return <ChosenTable {...shown} label={t("keys.title")} columns={columns} rows={keys} rowId={(key) => key.id} />;
}

/** What sets a key apart from one that somebody made for a program of theirs. */
export function KeyOrigin({ apiKey }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  if (apiKey.kind === "management")
    return <span className="block text-xs font-semibold text-brand">{t("keys.kindManagement")}</span>;
  if (apiKey.appOrigin === null) return null;
  const host = appHost(apiKey.appOrigin);
  const text = host === null ? t("keys.madeForProgram") : t("keys.madeFor", { host });
  return <span className="block text-xs text-muted [overflow-wrap:anywhere]">{text}</span>;
}

/** That a rotated key still works with its old secret as well. */
function FormerSecret({ apiKey: { formerSecret } }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (formerSecret === null) return null;
  return (
    <span className="block text-xs text-muted" title={formerSecret.label}>
      {t("keys.formerInTable", { when: formatDateTime(formerSecret.endsAt, locale) })}
    </span>
  );
}

function KeyState({ apiKey: { state, expiresAt } }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (state === "active") {
    return (
      <div>
        <Badge tone="good">{t("keys.stateActive")}</Badge>
        {expiresAt === null ? null : (
          <span
            className="mt-0.5 block text-xs whitespace-normal text-muted md:max-w-20 xl:max-w-none"
            title={formatDateTime(expiresAt, locale)}
          >
            {t("keys.until", { day: formatDate(expiresAt, locale) })}
          </span>
        )}
      </div>
    );
  }
  if (state === "disabled") return <Badge tone="plain">{t("keys.stateDisabled")}</Badge>;
  return <Badge tone="warn">{t("keys.stateExpired")}</Badge>;
}

function KeyMenu({ apiKey, onAction }: { apiKey: ApiKeyRow; onAction: KeyTableProps["onAction"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isDisabled = apiKey.state === "disabled";
  return (
    <RowMenu label={t("keys.actionsFor", { name: apiKey.name })}>
      {apiKey.kind === "inference" ? (
        <>
          <MenuItem onClick={() => onAction("examples", apiKey)}>
            <Code aria-hidden />
            {t("keys.showExamples")}
          </MenuItem>
          <MenuItem onClick={() => void navigate({ to: "/activity", search: { key: apiKey.id } })}>
            <List aria-hidden />
            {t("keys.showActivity")}
          </MenuItem>
        </>
      ) : null}
      <MenuItem onClick={() => onAction("edit", apiKey)}>
        <Pencil aria-hidden />
        {t("keys.edit")}
      </MenuItem>
      <MenuItem onClick={() => onAction("rotate", apiKey)}>
        <RefreshCw aria-hidden />
        {t("keys.rotate")}
      </MenuItem>
      {apiKey.formerSecret === null ? null : (
        <MenuItem onClick={() => onAction("endFormer", apiKey)}>
          <KeyRound aria-hidden />
          {t("keys.endFormer")}
        </MenuItem>
      )}
      <MenuItem onClick={() => onAction(isDisabled ? "enable" : "disable", apiKey)}>
        {isDisabled ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
        {isDisabled ? t("keys.enable") : t("keys.disable")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem isDangerous onClick={() => onAction("delete", apiKey)}>
        <Trash2 aria-hidden />
        {t("keys.delete")}
      </MenuItem>
    </RowMenu>
  );
}
