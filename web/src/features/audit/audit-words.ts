import type { TFunction } from "i18next";
import { englishTexts } from "../../i18n/en/texts.ts";

type ActionName = Extract<keyof typeof englishTexts.audit, `action_${string}`>;

function isKnown(name: string): name is ActionName {
  return name.startsWith("action_") && Object.hasOwn(englishTexts.audit, name);
}

/** What was done, in words; an action that this page does not know keeps its name. */
export function actionText(action: string, t: TFunction): string {
  const name = `action_${action.replace(".", "_")}`;
  return isKnown(name) ? t(`audit.${name}`) : action;
}
