import type { TFunction } from "i18next";
import { asChecked } from "../../../../src/kernel/json.ts";
import type { englishTexts } from "../../i18n/en/texts.ts";

type Names<Text> = Text extends `action_${infer Name}` ? Name : never;
type ActionName = Names<keyof typeof englishTexts.audit>;

/** What was done, in words; an action that this page does not know keeps its name. */
export function actionText(action: string, t: TFunction): string {
  return t(`audit.action_${asChecked<ActionName>(action.replace(".", "_"))}`, { defaultValue: action });
}
