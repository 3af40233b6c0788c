/** What a provider's form holds, and what becomes of it on the way to the server. */
import type { TFunction } from "i18next";
import type { ProviderKeyView, VendorFieldView } from "../../../../src/contract/schemas/provider-keys.ts";
import { ApiError, type FieldProblem } from "../../lib/api-error.ts";
import { textOf } from "../account/entries.ts";

/** Form names: those of a vendor's fields have this in front, so that they never meet `name`, `slug` and `models`. */
export const FIELD_PREFIX = "fields.";

export type Errors = Readonly<Record<string, string | undefined>>;

export function isSealed({ kind }: VendorFieldView): boolean {
  return kind === "secret" || kind === "document";
}

/** The vendor's fields as typed. For a stored provider a secret that was left empty is left out, and so kept. */
export function typedFields(form: FormData, fields: readonly VendorFieldView[], isStored: boolean) {
  const entries = fields.flatMap((field): [string, string][] => {
    const text = textOf(form, FIELD_PREFIX + field.name).trim();
    return text === "" && (!isStored || isSealed(field)) ? [] : [[field.name, text]];
  });
  return Object.fromEntries(entries);
}

export function typedModels(form: FormData): string[] {
  return textOf(form, "models")
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** What can be seen to be missing without asking the server. */
export function missingEntries(
  form: FormData,
  { stored, fields }: { stored: ProviderKeyView | null; fields: readonly VendorFieldView[] },
  t: TFunction,
): Errors {
  const errors: Record<string, string | undefined> = {};
  for (const field of fields) {
    const isKept = stored !== null && isSealed(field) && stored.label !== "";
    const isEmpty = textOf(form, FIELD_PREFIX + field.name).trim() === "";
    if (field.required && isEmpty && !isKept) errors[FIELD_PREFIX + field.name] = t("providers.problemMissing");
  }
  return errors;
}

/** What the server refused, at its fields. Null when it was something else: that belongs above the form. */
export function refusedEntries(error: unknown, t: TFunction): Errors | null {
  if (!(error instanceof ApiError) || error.problems.length === 0) return null;
  return Object.fromEntries(
    error.problems.map((problem) => [problem.field.replace(/^(models)\..*/, "$1"), problemText(problem, t)]),
  );
}

function problemText({ code, words }: FieldProblem, t: TFunction): string {
  switch (code) {
    case "missing":
      return t("providers.problemMissing");
    case "retype":
      return t("providers.problemRetype");
    case "taken":
      return t("providers.problemTaken");
    case "address":
      return t("providers.problemAddress", { words });
    default:
      return t("providers.problemWrong", { words });
  }
}
