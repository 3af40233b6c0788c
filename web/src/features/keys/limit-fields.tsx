import { useTranslation } from "react-i18next";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { LimitEntry } from "./limits.ts";

/** What a key may spend, and how often that begins anew: the fields `limitUsd` and `limitReset` of a form. */
export function LimitFields({ initial, error }: { initial?: LimitEntry; error?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="limitUsd"
        label={t("keys.limit")}
        placeholder={t("keys.limitNone")}
        hint={t("keys.limitHint")}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={initial?.limitUsd ?? ""}
        error={error}
      />
      <SelectField
        name="limitReset"
        label={t("keys.reset")}
        defaultValue={initial?.limitReset ?? ""}
        options={[
          { value: "", label: t("keys.reset_never") },
          { value: "daily", label: t("keys.reset_daily") },
          { value: "weekly", label: t("keys.reset_weekly") },
          { value: "monthly", label: t("keys.reset_monthly") },
        ]}
      />
    </div>
  );
}
