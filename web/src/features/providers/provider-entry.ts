/** What a provider's form holds, and what becomes of it on the way to the server. */
import type { TFunction } from "i18next";
import type { ProviderKeyView, VendorFieldView } from "../../../../src/contract/schemas/provider-keys.ts";
import { PROVIDER_TURN } from "../../../../src/kernel/provider-turn.ts";
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

export const TURN_FIELDS = ["priority", "weight"] as const;
export type Turn = Record<(typeof TURN_FIELDS)[number], number>;

/** Priority and weight of a form, and those that are no whole number of their range. An empty text is the usual one. */
export function readTurn(form: FormData, t: TFunction): { turn: Turn; problems: Errors } {
  const turn: Turn = { priority: PROVIDER_TURN.priority.usual, weight: PROVIDER_TURN.weight.usual };
  const problems: Record<string, string> = {};
  for (const field of TURN_FIELDS) {
    const text = textOf(form, field).trim();
    if (text === "") continue;
    const { least, most } = PROVIDER_TURN[field];
    const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) turn[field] = number;
    else problems[field] = t("providers.problemRange", { least, most });
  }
  return { turn, problems };
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
