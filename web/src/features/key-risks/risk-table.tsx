import { Pencil, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RiskyKey } from "../../../../src/contract/schemas/key-risks.ts";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { MenuItem, RowMenu } from "../../ui/menu.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { KeyActionDialog, type PendingAction } from "../keys/key-action-dialogs.tsx";
import { useReach } from "../team/accounts.ts";
import { Permitted } from "../team/permitted.tsx";
import { RiskLevelBadge, RiskReasons } from "./risk-words.tsx";

interface RiskTableProps {
  keys: readonly RiskyKey[];
  chosen: ReadonlySet<string>;
  onChoose: (id: string, isChosen: boolean) => void;
}

/** Risky keys, each with a box to choose it, what makes it risky, and what can be done with it alone. */
export function RiskTable({ keys, chosen, onChoose }: RiskTableProps) {
  const { t } = useTranslation();
  const [pending, setPending] = useState<PendingAction | null>(null);
  const mayChange = useReach("changeKeys") !== "none";
  const columns: Column<RiskyKey>[] = [
    {
      name: "key",
      label: t("keys.columnName"),
      isMain: true,
      className: "md:max-w-52 xl:max-w-80",
      cell: ({ key }) => (
        <label className="flex cursor-pointer items-start gap-3">
          <input
            type="checkbox"
            hidden={!mayChange}
            className="mt-1 size-4 shrink-0 accent-brand"
            checked={chosen.has(key.id)}
            onChange={({ target }) => onChoose(key.id, target.checked)}
          />
          <span className="min-w-0">
            <span className="block font-semibold [overflow-wrap:anywhere]">{key.name}</span>
            <code className="block font-mono text-xs font-normal whitespace-nowrap text-muted">{key.label}</code>
          </span>
        </label>
      ),
    },
    {
      name: "level",
      label: t("safety.columnRisk"),
      cell: ({ level, score }) => <RiskLevelBadge level={level} score={score} />,
    },
    {
      name: "why",
      label: t("safety.columnWhy"),
      className: "max-md:flex-col max-md:gap-1",
      cell: ({ risks, networks }) => <RiskReasons risks={risks} networks={networks} />,
    },
    {
      name: "lastUsed",
      label: t("keys.columnLastUsed"),
      cell: ({ key }) => (key.lastUsedAt === null ? t("common.never") : <TimeAgo timeMs={key.lastUsedAt} />),
    },
    {
      name: "actions",
      label: t("keys.columnActions"),
      hideLabel: true,
      className: "md:w-px md:text-right max-md:absolute max-md:top-2 max-md:right-2",
      cell: ({ key }) => (
        <Permitted to="updateKey">
          <RowMenu label={t("keys.actionsFor", { name: key.name })}>
            <MenuItem onClick={() => setPending({ action: "edit", key })}>
              <Pencil aria-hidden />
              {t("keys.edit")}
            </MenuItem>
            <MenuItem onClick={() => setPending({ action: "rotate", key })}>
              <RefreshCw aria-hidden />
              {t("keys.rotate")}
            </MenuItem>
          </RowMenu>
        </Permitted>
      ),
    },
  ];
  return (
    <>
      <DataTable label={t("safety.risky")} columns={columns} rows={keys} rowId={({ key }) => key.id} />
      {pending ? <KeyActionDialog pending={pending} onClose={() => setPending(null)} /> : null}
    </>
  );
}
