import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { latestEnd } from "../../../../src/kernel/key-life.ts";
import { useLocale } from "../../i18n/language.ts";
import { formatUtcDate } from "../../lib/format.ts";
import { TextField } from "../../ui/text-field.tsx";
import { keyPolicyQuery } from "../key-risks/risk-queries.ts";
import { dayText } from "./limits.ts";

interface ExpiryFieldProps {
  /** When the key ends so far; null for never. Left out for a key that is not there yet. */
  initial?: number | null;
  /** When its secret was made; left out where that is now. */
  secretMadeAt?: number;
  error?: string | undefined;
}

/** The last day of a key: the field `expiresAt` of a form. A new key lives as long as the instance allows. */
export function ExpiryField({ initial, secretMadeAt, error }: ExpiryFieldProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { data } = useQuery(keyPolicyQuery);
  const latest = data === undefined ? null : latestEnd(data, secretMadeAt ?? Date.now());
  const shown = initial === undefined ? latest : initial;
  return (
    <TextField
      // What is allowed is known a moment after the form is drawn.
      key={String(latest)}
      name="expiresAt"
      type="date"
      label={t("keys.expires")}
      hint={latest === null ? t("keys.expiresHint") : t("keys.expiresBy", { day: formatUtcDate(latest, locale) })}
      min={dayText(Date.now())}
      max={latest === null ? undefined : dayText(latest)}
      defaultValue={shown === null ? "" : dayText(shown)}
      error={error}
    />
  );
}
