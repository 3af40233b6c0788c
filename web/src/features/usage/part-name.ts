import { useTranslation } from "react-i18next";
import type { Dimension } from "./usage-search.ts";

/** What a part is called where it has no name: requests that reached no model, or came from no app that says so. */
export function usePartName(): (dimension: Dimension, name: string) => string {
  const { t } = useTranslation();
  return (dimension, name) => (name === "" ? t(`usage.without_${dimension}`) : name);
}
