import { useTranslation } from "react-i18next";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { useLocale } from "../../i18n/language.ts";
import { classNames } from "../../lib/class-names.ts";
import { formatCompact } from "../../lib/format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { useMoneyText } from "../instance/money.tsx";
import { modalityText } from "./modality-text.ts";
import { ABILITIES, CONTEXTS, hasModelFilters, type ModelsSearch, namesOf, PRICES } from "./models-search.ts";

interface ModelFiltersProps {
  models: readonly CatalogModel[];
  search: ModelsSearch;
  onShow: (change: ModelsSearch) => void;
}

export function ModelFilters({ models, search, onShow }: ModelFiltersProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = useMoneyText();
  const any = { value: "", label: t("models.any") };
  const providers = new Map(models.flatMap((model) => model.providers.map(({ slug, name }) => [slug, name] as const)));
  const outputs = [...new Set(models.flatMap((model) => model.architecture.output_modalities))].sort();
  const choose = (name: "provider" | "output" | "context" | "price") => ({
    value: search[name] ?? "",
    className: "min-w-0",
    onChange: (event: { target: { value: string } }) => onShow({ [name]: event.target.value || undefined }),
  });
  return (
    <>
      <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <SelectField
          label={t("models.provider")}
          options={[
            any,
            ...[...providers]
              .map(([value, label]) => ({ value, label }))
              .sort((one, other) => one.label.localeCompare(other.label)),
          ]}
          {...choose("provider")}
        />
        <SelectField
          label={t("models.gives")}
          options={[any, ...outputs.map((value) => ({ value, label: modalityText(value, t) }))]}
          {...choose("output")}
        />
        <SelectField
          label={t("models.contextAtLeast")}
          options={[any, ...CONTEXTS.map((value) => ({ value, label: formatCompact(Number(value), locale) }))]}
          {...choose("context")}
        />
        <SelectField
          label={t("models.priceAtMost")}
          options={[any, ...PRICES.map((value) => ({ value, label: value === "0" ? t("models.free") : money(value) }))]}
          {...choose("price")}
        />
      </div>
      <AbilityChips search={search} onShow={onShow} />
    </>
  );
}

function AbilityChips({ search, onShow }: Omit<ModelFiltersProps, "models">) {
  const { t } = useTranslation();
  const wanted = namesOf(ABILITIES, search.can);
  return (
    <fieldset className="mb-4 flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("models.abilities")}</legend>
      {ABILITIES.map((ability) => {
        const isOn = wanted.includes(ability);
        return (
          <button
            key={ability}
            type="button"
            aria-pressed={isOn}
            onClick={() => {
              const next = ABILITIES.filter((one) => (one === ability ? !isOn : wanted.includes(one)));
              onShow({ can: next.join(",") || undefined });
            }}
            className={classNames(
              "min-h-9 rounded-full border px-3.5 text-sm font-medium",
              isOn
                ? "border-brand bg-brand-soft text-brand"
                : "border-line bg-surface text-muted hover:border-edge hover:text-ink",
            )}
          >
            {t(`models.can_${ability}`)}
          </button>
        );
      })}
      {hasModelFilters(search) ? (
        <Button
          look="quiet"
          size="small"
          onClick={() =>
            onShow({
              q: undefined,
              provider: undefined,
              output: undefined,
              context: undefined,
              price: undefined,
              can: undefined,
            })
          }
        >
          {t("models.clearFilters")}
        </Button>
      ) : null}
    </fieldset>
  );
}
