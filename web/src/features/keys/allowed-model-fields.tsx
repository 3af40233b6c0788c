import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { matchingNothing } from "../../../../src/kernel/allowed-models.ts";
import { ChipListField } from "../../ui/chip-list-field.tsx";
import { Segments } from "../../ui/segments.tsx";
import { modelsQuery } from "../models/models-query.ts";
import { isWhole, MODELS_FIELD, modelProblem, offeredEntries, TYPED_FIELD } from "./allowed-models.ts";

interface AllowedModelFieldsProps {
  initial?: string[] | null;
  error?: string | undefined;
}

/** Which models a key may call: read with `readModels`. Says which entries hold no model of the catalogue. */
export function AllowedModelFields({ initial = null, error }: AllowedModelFieldsProps) {
  const { t } = useTranslation();
  const [entries, setEntries] = useState(initial);
  const catalogue = useQuery({ ...modelsQuery, enabled: entries !== null }).data?.models;
  const ids = catalogue?.map(({ id }) => id) ?? [];
  const unmatched = catalogue === undefined ? [] : matchingNothing((entries ?? []).filter(isWhole), ids);
  const note =
    entries?.length === 0 ? t("keys.modelsNone") : t("keys.modelsUnmatched", { entries: unmatched.join(", ") });
  return (
    <div className="space-y-3">
      <div>
        <p aria-hidden className="mb-1.5 text-sm font-semibold">
          {t("keys.models")}
        </p>
        <Segments
          label={t("keys.models")}
          value={entries === null ? "all" : "listed"}
          options={[
            { value: "all", label: t("keys.modelsAll") },
            { value: "listed", label: t("keys.modelsListed") },
          ]}
          onChoose={(choice) => setEntries(choice === "all" ? null : (entries ?? initial ?? []))}
        />
      </div>
      {entries === null ? null : (
        <>
          <input type="hidden" name={MODELS_FIELD} value={entries.join(" ")} />
          <ChipListField
            label={t("keys.modelsEntries")}
            addLabel={t("keys.modelsAdd")}
            placeholder="openai/*"
            hint={t("keys.modelsHint")}
            entries={entries}
            known={offeredEntries(ids)}
            problemOf={(entry) => modelProblem(entry, t)}
            error={error}
            typedName={TYPED_FIELD}
            onChange={setEntries}
          />
          <p role="status" className="text-sm text-muted empty:hidden">
            {entries.length === 0 || unmatched.length > 0 ? note : null}
          </p>
        </>
      )}
    </div>
  );
}
