import { Link } from "@tanstack/react-router";
import { CircleDollarSign, CirclePause, CirclePlay, KeyRound, Pencil, Plug, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Provider } from "../../../../src/contract/schemas/instance.ts";
import type { ProviderKeyView } from "../../../../src/contract/schemas/provider-keys.ts";
import { PROVIDER_TURN } from "../../../../src/kernel/provider-turn.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatCount } from "../../lib/format.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { MenuItem, MenuSeparator, RowMenu } from "../../ui/menu.tsx";
import type { ProviderAction } from "./provider-action-dialogs.tsx";
import { TURN_FIELDS } from "./provider-entry.ts";

const STATES = {
  ready: { tone: "good", label: "providers.stateReady" },
  checking: { tone: "plain", label: "providers.stateChecking" },
  unreachable: { tone: "bad", label: "providers.stateUnreachable" },
  refused: { tone: "bad", label: "providers.stateRefused" },
  disabled: { tone: "plain", label: "providers.stateDisabled" },
  locked: { tone: "bad", label: "providers.stateLocked" },
  hidden: { tone: "warn", label: "providers.stateHidden" },
} as const satisfies Record<Provider["state"], { tone: BadgeTone; label: string }>;

const SOURCES = {
  environment: "providers.sourceEnvironment",
  file: "providers.sourceFile",
  dashboard: "providers.sourceDashboard",
  local: "providers.sourceLocal",
  builtin: "providers.sourceBuiltin",
} as const satisfies Record<Provider["source"], string>;

/** States in which nobody is asked for models. */
const IDLE: ReadonlySet<Provider["state"]> = new Set(["disabled", "locked", "hidden"] as const);

const HINTS = {
  ready: null,
  checking: null,
  unreachable: "providers.unreachableHint",
  refused: "providers.refusedHint",
  disabled: null,
  locked: "providers.lockedHint",
  hidden: "providers.hiddenHint",
} as const satisfies Record<Provider["state"], string | null>;

export interface ProviderRow {
  provider: Provider;
  /** Only for the owner, and only for what was connected in the dashboard. */
  stored: ProviderKeyView | null;
}

interface ProviderTableProps {
  rows: readonly ProviderRow[];
  isOwner: boolean;
  onAction: (action: ProviderAction, stored: ProviderKeyView) => void;
}

export function ProviderTable({ rows, isOwner, onAction }: ProviderTableProps) {
  const { t } = useTranslation();
  const columns: Column<ProviderRow>[] = [
    {
      name: "name",
      label: t("providers.columnName"),
      isMain: true,
      cell: (row) => <ProviderName {...row} />,
    },
    {
      name: "state",
      label: t("providers.columnState"),
      cell: ({ provider }) => <Badge tone={STATES[provider.state].tone}>{t(STATES[provider.state].label)}</Badge>,
    },
    {
      name: "models",
      label: t("providers.columnModels"),
      align: "end",
      cell: ({ provider }) => <ModelCount provider={provider} />,
    },
    { name: "source", label: t("providers.columnSource"), cell: ({ provider }) => t(SOURCES[provider.source]) },
  ];
  if (isOwner) {
    columns.push(
      {
        name: "key",
        label: t("providers.columnKey"),
        cell: ({ stored }) => (
          <code className="font-mono text-xs whitespace-nowrap text-muted">{stored?.label || "–"}</code>
        ),
      },
      {
        name: "actions",
        label: t("providers.columnActions"),
        hideLabel: true,
        className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
        cell: (row) => <ProviderMenu {...row} onAction={onAction} />,
      },
    );
  }
  return (
    <DataTable
      label={t("providers.title")}
      columns={columns}
      rows={rows}
      rowId={({ provider }) => `${provider.source} ${provider.slug}`}
    />
  );
}

/** How many models, and the way to them. */
function ModelCount({ provider: { models, slug, state, name } }: Pick<ProviderRow, "provider">) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (models === null) return <span className="text-muted">{IDLE.has(state) ? "–" : t("providers.modelsUnread")}</span>;
  return (
    <Link
      to="/models"
      search={{ provider: slug }}
      aria-label={t("providers.modelsOf", { count: models, name })}
      className="text-link rounded"
    >
      {formatCount(models, locale)}
    </Link>
  );
}

/** Name and address, what to do where something is wrong, and the server's own words for the details. */
function ProviderName({ provider, stored }: ProviderRow) {
  const { t, i18n } = useTranslation();
  const { state, source, name, baseUrl, note } = provider;
  const hint = HINTS[state];
  return (
    <div className="min-w-0">
      <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
      {baseUrl ? <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{baseUrl}</p> : null}
      {stored ? <ProviderTurn stored={stored} /> : null}
      {source === "builtin" ? <p className="max-w-prose text-xs text-muted">{t("providers.sandboxNote")}</p> : null}
      {hint ? <p className="mt-1 text-sm text-bad">{t(hint)}</p> : null}
      {note ? (
        <details className="mt-1 text-sm">
          <summary className="text-link w-fit rounded">{t("providers.detail")}</summary>
          <p lang={i18n.language === "en" ? undefined : "en"} className="mt-1 text-muted [overflow-wrap:anywhere]">
            {note}
          </p>
        </details>
      ) : null}
    </div>
  );
}

/** Only what the owner has set otherwise than it is by itself. */
function ProviderTurn({ stored }: { stored: ProviderKeyView }) {
  const { t } = useTranslation();
  const set = TURN_FIELDS.filter((field) => stored[field] !== PROVIDER_TURN[field].usual);
  if (set.length === 0) return null;
  return (
    <p className="text-xs text-muted">
      {set.map((field) => t(`providers.${field}Set`, { number: stored[field] })).join(" · ")}
    </p>
  );
}

/** What is set where Gapura is started can only have its prices changed here. */
function ProviderMenu({ provider, stored, onAction }: ProviderRow & Pick<ProviderTableProps, "onAction">) {
  const { t } = useTranslation();
  return (
    <RowMenu label={t("providers.actionsFor", { name: provider.name })}>
      {stored ? <ConnectionItems stored={stored} onAction={onAction} /> : null}
      <MenuItem render={<Link to="/providers" search={{ prices: provider.slug }} />}>
        <CircleDollarSign aria-hidden />
        {t("providers.prices")}
      </MenuItem>
      {stored ? (
        <>
          <MenuSeparator />
          <MenuItem isDangerous onClick={() => onAction("remove", stored)}>
            <Trash2 aria-hidden />
            {t("providers.remove")}
          </MenuItem>
        </>
      ) : null}
    </RowMenu>
  );
}

function ConnectionItems({ stored, onAction }: { stored: ProviderKeyView; onAction: ProviderTableProps["onAction"] }) {
  const { t } = useTranslation();
  const act = (action: ProviderAction) => () => onAction(action, stored);
  return (
    <>
      <MenuItem onClick={act("edit")}>
        <Pencil aria-hidden />
        {t("providers.edit")}
      </MenuItem>
      <MenuItem onClick={act("replace")}>
        <KeyRound aria-hidden />
        {t("providers.replaceKey")}
      </MenuItem>
      <MenuItem onClick={act("test")}>
        <Plug aria-hidden />
        {t("providers.testStored")}
      </MenuItem>
      <MenuItem onClick={act(stored.disabled ? "enable" : "disable")}>
        {stored.disabled ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
        {stored.disabled ? t("providers.enable") : t("providers.disable")}
      </MenuItem>
    </>
  );
}
