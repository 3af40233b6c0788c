import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoutingDefaults } from "../../../../src/contract/schemas/routing.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { providersQuery } from "../providers/provider-queries.ts";
import { defaultsBody, isAmount, SORTS, UNITS, type Unit } from "./defaults-entry.ts";
import { ModelField } from "./model-field.tsx";
import { type RoutingScope, useUpdateRouting } from "./routing-queries.ts";
import { SlugListField } from "./slug-list-field.tsx";

const PRICE_FIELDS = UNITS.map((unit) => `maxPrice.${unit}` as const);
type Field = (typeof PRICE_FIELDS)[number] | "defaultModel";

export function DefaultsForm({ scope, defaults }: { scope: RoutingScope; defaults: RoutingDefaults }) {
  const { t } = useTranslation();
  const update = useUpdateRouting(scope);
  const { formRef, errors, accept } = useFormErrors<Field>();
  const [lists, setLists] = useState({ only: defaults.only ?? [], ignore: defaults.ignore });
  const refused = refusedFields<Field>(update.error, [...PRICE_FIELDS, "defaultModel"], t);
  const known = useQuery(providersQuery).data?.providers.map(({ slug }) => slug) ?? [];

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const body = defaultsBody(new FormData(event.currentTarget), lists);
    const problems = UNITS.map((unit) => [
      `maxPrice.${unit}`,
      isAmount(body.maxPrice[unit]) ? undefined : t("routing.priceWrong"),
    ]);
    if (!accept(Object.fromEntries(problems))) return;
    update.mutate(body, { onSuccess: () => toasts.add({ title: t("routing.saved") }) });
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-6">
      {refused === null ? <FormError error={update.error} /> : null}
      <SlugListField
        label={t("routing.only")}
        addLabel={t("routing.onlyAdd")}
        hint={`${t("routing.onlyHint")} ${t("routing.slugHint")}`}
        slugs={lists.only}
        known={known}
        onChange={(only) => setLists({ ...lists, only })}
      />
      <SlugListField
        label={t("routing.ignore")}
        addLabel={t("routing.ignoreAdd")}
        slugs={lists.ignore}
        known={known}
        onChange={(ignore) => setLists({ ...lists, ignore })}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-semibold">{t("routing.privacy")}</legend>
        <CheckField
          name="denyDataCollection"
          defaultChecked={defaults.denyDataCollection}
          label={t("routing.denyDataCollection")}
        />
        <CheckField
          name="zeroDataRetention"
          defaultChecked={defaults.zeroDataRetention}
          label={t("routing.zeroDataRetention")}
        />
        <p className="mt-1 text-sm text-muted">{t("routing.privacyHint")}</p>
      </fieldset>
      <SelectField
        name="sort"
        label={t("routing.sort")}
        defaultValue={defaults.sort ?? ""}
        options={[
          { value: "", label: t("routing.sort_balanced") },
          ...SORTS.map((sort) => ({ value: sort, label: t(`routing.sort_${sort}`) })),
        ]}
      />
      <ModelField
        name="defaultModel"
        label={t("routing.defaultModel")}
        placeholder={t("routing.defaultModelNone")}
        defaultValue={defaults.defaultModel ?? ""}
        error={errors.defaultModel ?? refused?.defaultModel}
      />
      <PriceFields
        prices={defaults.maxPrice}
        errorOf={(unit) => errors[`maxPrice.${unit}`] ?? refused?.[`maxPrice.${unit}`]}
      />
      <Button type="submit" look="primary" busy={update.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}

interface PriceFieldsProps {
  prices: RoutingDefaults["maxPrice"];
  errorOf: (unit: Unit) => string | undefined;
}

function PriceFields({ prices, errorOf }: PriceFieldsProps) {
  const { t } = useTranslation();
  const isSet = UNITS.some((unit) => prices[unit] !== null || errorOf(unit) !== undefined);
  return (
    <details className="group rounded-lg border border-line" open={isSet || undefined}>
      <summary className="flex cursor-pointer items-center gap-2 rounded-lg px-3.5 py-2.5 text-sm font-semibold select-none hover:bg-sunken">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t("routing.maxPrice")}
      </summary>
      <div className="px-3.5 pt-1 pb-4">
        <p className="mb-3 text-sm text-muted">{t("routing.maxPriceHint")}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          {UNITS.map((unit) => (
            <TextField
              key={unit}
              name={`price_${unit}`}
              label={t(`routing.price_${unit}`)}
              placeholder={t("routing.priceNone")}
              inputMode="decimal"
              autoComplete="off"
              defaultValue={prices[unit] ?? ""}
              error={errorOf(unit)}
            />
          ))}
        </div>
      </div>
    </details>
  );
}
