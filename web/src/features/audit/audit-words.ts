import type { TFunction } from "i18next";
import { englishTexts } from "../../i18n/en/texts.ts";

type Names<Text> = Text extends `action_${infer Name}` ? Name : never;
type ActionName = Names<keyof typeof englishTexts.audit>;

function isKnown(name: string): name is ActionName {
  return Object.hasOwn(englishTexts.audit, `action_${name}`);
}

/** What was done, in words; an action that this page does not know keeps its name. */
export function actionText(action: string, t: TFunction): string {
  const name = action.replace(".", "_");
  return isKnown(name) ? t(`audit.action_${name}`) : action;
}
