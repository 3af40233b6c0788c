import { useTranslation } from "react-i18next";
import { TextField } from "../../ui/text-field.tsx";
import { dayText } from "./limits.ts";

interface ExpiryFieldProps {
  /** When the key ends so far; null for never. */
  initial?: number | null;
  error?: string | undefined;
}

/** The last day of a key: the field `expiresAt` of a form. */
export function ExpiryField({ initial = null, error }: ExpiryFieldProps) {
  const { t } = useTranslation();
  return (
    <TextField
      name="expiresAt"
      type="date"
      label={t("keys.expires")}
      hint={t("keys.expiresHint")}
      min={dayText(Date.now())}
      defaultValue={initial === null ? "" : dayText(initial)}
      error={error}
    />
  );
}
