import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { Button } from "../../ui/button.tsx";
import { Permitted } from "../team/permitted.tsx";
import { BulkDialog, type BulkKind } from "./bulk-dialog.tsx";

/** Which of the keys in a list are chosen. */
export interface ChosenKeys {
  ids: ReadonlySet<string>;
  keys: readonly ApiKeyRow[];
  isAll: boolean;
  choose: (id: string, isChosen: boolean) => void;
  chooseAll: (isChosen: boolean) => void;
}

/** What was chosen and is gone from the list meanwhile is not chosen any more. */
export function useChosenKeys(listed: readonly ApiKeyRow[]): ChosenKeys {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const keys = listed.filter(({ id }) => ids.has(id));
  return {
    ids,
    keys,
    isAll: keys.length === listed.length,
    choose: (id, isChosen) => {
      const next = new Set(ids);
      if (isChosen) next.add(id);
      else next.delete(id);
      setIds(next);
    },
    chooseAll: (isChosen) => setIds(new Set(isChosen ? listed.map(({ id }) => id) : [])),
  };
}

const KINDS: readonly BulkKind[] = ["expiry", "limit", "disable", "delete"];

interface BulkBarProps {
  choice: ChosenKeys;
  /** Said while none is chosen; without it nothing is there so long. */
  hint?: string;
}

/** What can be done with all chosen keys at once. */
export function BulkBar({ choice, hint }: BulkBarProps) {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<BulkKind | null>(null);
  const { keys, isAll, chooseAll } = choice;
  const isAway = keys.length === 0 && hint === undefined && doing === null;
  if (isAway) return null;
  return (
    <Permitted to="changeKeys">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => chooseAll(!isAll)}>
          {isAll ? t("safety.chooseNone") : t("safety.chooseAll")}
        </Button>
        {KINDS.map((kind) => (
          <Button
            key={kind}
            size="small"
            look={kind === "delete" ? "danger" : "secondary"}
            disabled={keys.length === 0}
            onClick={() => setDoing(kind)}
          >
            {t(`safety.do_${kind}`)}
          </Button>
        ))}
        <p role="status" className="text-sm text-muted">
          {keys.length === 0 ? hint : t("safety.chosen", { count: keys.length })}
        </p>
      </div>
      {doing === null ? null : (
        <BulkDialog
          kind={doing}
          keys={keys}
          onClose={(isDone) => {
            setDoing(null);
            if (isDone) chooseAll(false);
          }}
        />
      )}
    </Permitted>
  );
}
