import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CirclePause, CirclePlay, KeyRound, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { alertListQuery } from "../alerts/alert-queries.ts";
import { KeyMaker } from "../team/key-maker.tsx";
import { Permitted } from "../team/permitted.tsx";
import { isFrozen, standingOf } from "./key-standing.ts";
import { type KeyAction, KeyOrigin } from "./key-table.tsx";

interface KeyHeadingProps {
  apiKey: ApiKeyRow;
  onAction: (action: KeyAction) => void;
}

/** Which key it is, how it stands, and what can be done with it. */
export function KeyHeading({ apiKey, onAction }: KeyHeadingProps) {
  const { t } = useTranslation();
  return (
    <header>
      <Link to="/keys" className="text-link text-sm font-semibold">
        {t("keys.title")}
      </Link>
      <div className="mt-2 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 text-2xl font-bold [overflow-wrap:anywhere] sm:text-3xl">{apiKey.name}</h1>
            <Standing apiKey={apiKey} />
          </div>
          <p className="mt-1 flex flex-wrap items-center gap-x-3">
            <code className="font-mono text-sm text-muted [overflow-wrap:anywhere]">{apiKey.label}</code>
            <span className="flex items-center gap-1 text-sm text-muted">
              {t("keys.id")} <code className="font-mono">{apiKey.id}</code>
              <CopyButton text={apiKey.id} look="quiet" size="icon" aria-label={t("keys.copyId", { id: apiKey.id })} />
            </span>
          </p>
          <KeyOrigin apiKey={apiKey} />
          <KeyMaker createdBy={apiKey.createdBy} />
        </div>
        <Actions apiKey={apiKey} onAction={onAction} />
      </div>
    </header>
  );
}

const TONE = { active: "good", endsSoon: "warn", expired: "warn", disabled: "plain", frozen: "bad" } as const;
const TEXT = {
  active: "keys.stateActive",
  endsSoon: "keys.stateEndsSoon",
  expired: "keys.stateExpired",
  disabled: "keys.stateDisabled",
  frozen: "keys.stateFrozen",
} as const;

function Standing({ apiKey }: { apiKey: ApiKeyRow }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(alertListQuery({ state: "open", keyId: apiKey.id }));
  const alerts = data?.pages.flatMap((page) => page.alerts) ?? [];
  const standing = standingOf(apiKey, { isFrozen: alerts.some(isFrozen), nowMs: Date.now() });
  return <Badge tone={TONE[standing]}>{t(TEXT[standing])}</Badge>;
}

function Actions({ apiKey, onAction }: KeyHeadingProps) {
  const { t } = useTranslation();
  const isDisabled = apiKey.state === "disabled";
  return (
    <Permitted to="updateKey">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => onAction("edit")}>
          <Pencil aria-hidden />
          {t("keys.edit")}
        </Button>
        <Button onClick={() => onAction("rotate")}>
          <RefreshCw aria-hidden />
          {t("keys.rotate")}
        </Button>
        {apiKey.formerSecret === null ? null : (
          <Button onClick={() => onAction("endFormer")}>
            <KeyRound aria-hidden />
            {t("keys.endFormer")}
          </Button>
        )}
        <Button onClick={() => onAction(isDisabled ? "enable" : "disable")}>
          {isDisabled ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
          {isDisabled ? t("keys.enable") : t("keys.disable")}
        </Button>
        <Button look="danger" onClick={() => onAction("delete")}>
          <Trash2 aria-hidden />
          {t("keys.delete")}
        </Button>
      </div>
    </Permitted>
  );
}
