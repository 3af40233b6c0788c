import type { TFunction } from "i18next";
import { asChecked } from "../../../src/kernel/json.ts";
import type { englishTexts } from "../i18n/en/texts.ts";
import { ApiError } from "./api-error.ts";

/** What happened and what to do, in the reader's language. A code that this page does not know keeps the server's words. */
export function errorText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t("errors.internal");
  if (error.code === "too_many_attempts" && error.retryAfterSeconds !== undefined)
    return waitText(error.retryAfterSeconds, t);
  return codeText(error.code, error.message, t);
}

/** The number under which the server's log has a failure; null for what never reached the server. */
export function requestIdText(error: unknown, t: TFunction): string | null {
  return error instanceof ApiError && error.requestId !== undefined
    ? t("common.requestId", { id: error.requestId })
    : null;
}

/** A failure as short news: what happened and what to do, with the request's number for whoever looks into it. */
export function failureToast(error: unknown, t: TFunction): { title: string; detail?: string; type: "bad" } {
  const detail = requestIdText(error, t);
  return { title: errorText(error, t), ...(detail === null ? {} : { detail }), type: "bad" };
}

const SECONDS_SHOWN_UP_TO = 90;

function waitText(seconds: number, t: TFunction): string {
  if (seconds <= SECONDS_SHOWN_UP_TO) return t("common.waitSeconds", { count: seconds });
  return t("common.waitMinutes", { count: Math.ceil(seconds / 60) });
}

/** The words for an error code that was recorded with a request, or the code itself. */
export function errorCodeText(code: string, t: TFunction): string {
  return codeText(code, code, t);
}

/** A code that this page does not know has no text, and then the default stands. */
function codeText(code: string, otherwise: string, t: TFunction): string {
  return t(`errors.${asChecked<keyof typeof englishTexts.errors>(code)}`, { defaultValue: otherwise });
}
