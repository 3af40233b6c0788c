import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { AllowedModels } from "../../../../src/kernel/allowed-models.ts";
import { Card } from "../../ui/card.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { useMoneyText } from "../instance/money.tsx";
import { ModelChoice, ModelSwap } from "../models/model-picker.tsx";
import { MOST_COMPARED } from "../models/models-search.ts";

interface SetupBarProps {
  keys: readonly ApiKeyRow[];
  keyId: string;
  catalogue: readonly CatalogModel[];
  models: readonly string[];
  onKey: (id: string) => void;
  onModels: (models: readonly string[]) => void;
}

/** Who pays, and who answers. */
export function SetupBar({ keys, keyId, catalogue, models, onKey, onModels }: SetupBarProps) {
  const { t } = useTranslation();
  const money = useMoneyText();
  const key = keys.find(({ id }) => id === keyId);
  const left = key?.remainingUsd ?? null;
  const allowed = key?.allowedModels ? new AllowedModels(key.allowedModels) : null;
  const usable = catalogue.filter(
    ({ id, architecture }) =>
      architecture.output_modalities.some((kind) => kind === "text") && (allowed === null || allowed.holds(id)),
  );
  const others = usable.filter(({ id }) => !models.includes(id));
  return (
    <Card className="space-y-4 py-4! sm:py-5!">
      <div className="grid gap-4 sm:grid-cols-2">
        <div>
          <SelectField
            label={t("playground.key")}
            value={keyId}
            options={keys.map(({ id, name, label }) => ({ value: id, label: `${name} (${label})` }))}
            onChange={({ target }) => onKey(target.value)}
          />
          <p className="mt-1.5 text-xs text-muted">
            {left === null ? t("playground.keyText") : t("playground.keyLeft", { amount: money(left) })}
          </p>
        </div>
        {models.length < MOST_COMPARED ? (
          <ModelChoice
            label={models.length === 0 ? t("playground.model") : t("playground.addModel")}
            models={others}
            onChoose={(id) => onModels([...models, id])}
          />
        ) : null}
      </div>
      {models.length === 0 ? null : (
        <ul className="flex flex-wrap gap-2">
          {models.map((id, place) => (
            <li
              key={placeName(place)}
              className="flex min-h-9 max-w-full items-center rounded-full border border-line bg-sunken text-sm"
            >
              <ModelSwap
                models={usable.filter((model) => model.id === id || !models.includes(model.id))}
                chosen={id}
                onChoose={(other) => onModels(models.with(place, other))}
              />
              <button
                type="button"
                aria-label={t("models.compareRemove", { name: id })}
                onClick={() => onModels(models.filter((one) => one !== id))}
                className="flex size-9 items-center justify-center rounded-full text-muted hover:text-ink"
              >
                <X aria-hidden className="size-4" />
              </button>
            </li>
          ))}
          {models.length < MOST_COMPARED ? (
            <li className="flex min-h-9 items-center gap-1.5 text-xs text-muted max-sm:hidden">
              <Plus aria-hidden className="size-3.5" />
              {t("playground.sideBySide")}
            </li>
          ) : null}
        </ul>
      )}
    </Card>
  );
}

/** By where it stands: a model that takes the place of another one takes the focus along. */
function placeName(place: number): string {
  return `place-${place}`;
}
