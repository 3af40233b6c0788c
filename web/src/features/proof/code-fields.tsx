import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { TextField } from "../../ui/text-field.tsx";
import { requiredProblem } from "../account/entries.ts";

/** Six digits of an authenticator app. */
export function CodeField({ error }: { error?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <TextField
      name="code"
      label={t("account.code")}
      hint={t("account.codeHint")}
      autoComplete="one-time-code"
      inputMode="numeric"
      maxLength={12}
      spellCheck={false}
      error={error}
    />
  );
}

export function RecoveryCodeField({ error }: { error?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <TextField
      name="code"
      label={t("account.recoveryCode")}
      hint={t("account.recoveryCodeHint")}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={60}
      error={error}
    />
  );
}

export function codeProblem(typed: string, t: TFunction): string | undefined {
  const missing = requiredProblem(typed, t);
  if (missing !== undefined) return missing;
  return /^\d{6}$/.test(typed.replace(/\s/g, "")) ? undefined : t("account.codeInvalid");
}
