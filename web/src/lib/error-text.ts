import type { TFunction } from "i18next";
import { englishTexts } from "../i18n/en/texts.ts";
import { ApiError } from "./api-error.ts";

function isKnown(code: string): code is keyof typeof englishTexts.errors {
  return Object.hasOwn(englishTexts.errors, code);
}

/** What happened and what to do, in the reader's language. A code that this page does not know keeps the server's words. */
export function errorText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t("errors.internal");
  return isKnown(error.code) ? t(`errors.${error.code}`) : error.message;
}

/** The words for an error code that was recorded with a request, or the code itself. */
export function errorCodeText(code: string, t: TFunction): string {
  return isKnown(code) ? t(`errors.${code}`) : code;
}
