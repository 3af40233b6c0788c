import type { TFunction } from "i18next";

const MAX_LENGTH = 200;

/** What is wrong with the description of a key; undefined when nothing is. */
export function keyNameProblem(name: string, t: TFunction): string | undefined {
  if (name === "") return t("account.required");
  return name.length > MAX_LENGTH ? t("keys.descriptionLong") : undefined;
}
