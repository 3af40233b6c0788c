import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ModelPriceView } from "../../../../src/contract/schemas/model-prices.ts";
import { isAmount, readAmount } from "../../lib/amount-entry.ts";
import { type FieldErrors, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { PriceInForce } from "./price-in-force.tsx";
import { useSetModelPrice } from "./provider-queries.ts";

const FIELDS = [
  { name: "prompt", label: "models.ratePrompt", hint: null },
  { name: "completion", label: "models.rateCompletion", hint: null },
  { name: "cacheRead", label: "models.rateCacheRead", hint: "providers.pricePerMillion" },
  { name: "cacheWrite", label: "models.rateCacheWrite", hint: "providers.pricePerMillion" },
  { name: "request", label: "models.rateRequest", hint: "providers.pricePerRequest" },
] as const;
type Field = (typeof FIELDS)[number]["name"];

interface PriceFormProps {
  provider: string;
  shown: ModelPriceView;
  onDone: () => void;
}

/** Sets a price in place of the one in force, or takes it back. */
export function PriceForm({ provider, shown, onDone }: PriceFormProps) {
  const { t } = useTranslation();
  const set = useSetModelPrice();
  const { formRef, errors, accept } = useFormErrors<Field>();
  const { model, price, source, version, hasMore, isOffered } = shown;
  const finish = (title: string) => ({
    onSuccess: () => {
      toasts.add({ title });
      onDone();
    },
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [prompt, completion] = [readAmount(form, "prompt"), readAmount(form, "completion")];
    const rest = {
      cacheRead: readAmount(form, "cacheRead"),
      cacheWrite: readAmount(form, "cacheWrite"),
      request: readAmount(form, "request"),
    };
    const problems: FieldErrors<Field> = {};
    for (const [name, amount] of Object.entries(rest)) {
      const field = FIELDS.find((one) => one.name === name)?.name;
      if (field && amount !== null && !isPrice(amount)) problems[field] = t("providers.priceWrong");
    }
    if (prompt === null || !isPrice(prompt)) problems.prompt = t("providers.priceWrong");
    if (completion === null || !isPrice(completion)) problems.completion = t("providers.priceWrong");
    if (!accept(problems) || prompt === null || completion === null) return;
    const typed = { prompt, completion, ...rest };
    set.mutate({ provider, model, price: typed }, finish(t("providers.priceSaved", { model })));
  }

  const takeBack = () => set.mutate({ provider, model, price: null }, finish(t("providers.priceTakenBack", { model })));
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      <div>
        <p className="font-mono text-sm font-semibold [overflow-wrap:anywhere]">{model}</p>
        <PriceInForce shown={shown} />
        {version === null ? null : (
          <p className="mt-1 text-xs text-muted [overflow-wrap:anywhere]">{t("providers.priceVersion", { version })}</p>
        )}
        {hasMore ? <p className="mt-1 text-sm">{t("providers.priceHasMore")}</p> : null}
      </div>
      <FormError error={set.error} />
      <div className="grid gap-4 sm:grid-cols-2">
        {FIELDS.map(({ name, label, hint }) => (
          <TextField
            key={name}
            name={name}
            label={t(label)}
            hint={hint === null ? undefined : t(hint)}
            inputMode="decimal"
            autoComplete="off"
            defaultValue={price?.[name] ?? ""}
            error={errors[name]}
          />
        ))}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onDone}>
          {t("providers.priceBack")}
        </Button>
        {source === "dashboard" ? (
          <Button type="button" look="danger" busy={set.isPending} onClick={takeBack}>
            {t("providers.priceTakeBack")}
          </Button>
        ) : null}
        {isOffered ? (
          <Button type="submit" look="primary" busy={set.isPending}>
            {t("common.save")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

const MOST_USD = 1_000_000;

function isPrice(amount: string): boolean {
  return isAmount(amount) && Number(amount) <= MOST_USD;
}
