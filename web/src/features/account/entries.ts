/** What the account forms accept. The server decides; this only spares a round trip and speaks the reader's language. */
import type { TFunction } from "i18next";

export interface PasswordLimits {
  minLength: number;
  maxLength: number;
}

/** The text of a form's field; empty when it is missing. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

export function emailProblem(email: string, t: TFunction): string | undefined {
  if (email.trim() === "") return t("account.required");
  return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email.trim()) ? undefined : t("account.emailInvalid");
}

export function nameProblem(name: string, t: TFunction): string | undefined {
  if (name.trim() === "") return t("account.required");
  return /[\p{Cc}<>]|https?:|www\./iu.test(name) ? t("account.nameInvalid") : undefined;
}

export function newPasswordProblem(password: string, limits: PasswordLimits, t: TFunction): string | undefined {
  if (password === "") return t("account.required");
  const missing = limits.minLength - password.length;
  if (missing > 0) return t("account.passwordShort", { count: missing, min: limits.minLength });
  return password.length > limits.maxLength ? t("account.passwordLong", { max: limits.maxLength }) : undefined;
}

export function requiredProblem(text: string, t: TFunction): string | undefined {
  return text.trim() === "" ? t("account.required") : undefined;
}
