import type { TFunction } from "i18next";
import { asChecked } from "../../../../src/kernel/json.ts";
import type { englishTexts } from "../../i18n/en/texts.ts";

type Names<Prefix extends string, Text> = Text extends `${Prefix}_${infer Name}` ? Name : never;
type AuditText = keyof typeof englishTexts.audit;
type ActionName = Names<"action", AuditText>;
type FieldName = Names<"field", AuditText>;

/** What was done, in words; an action that this page does not know keeps its name. */
export function actionText(action: string, t: TFunction): string {
  return t(`audit.action_${asChecked<ActionName>(action.replace(".", "_"))}`, { defaultValue: action });
}

/** What a field of an entry is called; one that this page does not know, as a setting's variable, keeps its name. */
export function fieldText(field: string, t: TFunction): string {
  return t(`audit.field_${asChecked<FieldName>(field.replace(".", "_"))}`, { defaultValue: field });
}

/** A value as it was written, so that an empty text and nothing are told apart. */
export function valueText(value: unknown, t: TFunction): string {
  if (typeof value === "boolean") return t(`audit.value_${value}`);
  if (value === null || value === undefined) return t("common.none");
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
