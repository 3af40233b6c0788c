import { useTranslation } from "react-i18next";
import { ChipListField } from "../../ui/chip-list-field.tsx";
import { isSlug } from "./slugs.ts";

interface SlugListFieldProps {
  label: string;
  /** Names the field in which one is typed. */
  addLabel: string;
  hint?: string;
  slugs: readonly string[];
  /** What is offered while typing. */
  known: readonly string[];
  onChange: (slugs: string[]) => void;
}

/** A list of providers by short name. */
export function SlugListField({ slugs, ...rest }: SlugListFieldProps) {
  const { t } = useTranslation();
  const problemOf = (slug: string) => (isSlug(slug) ? undefined : t("routing.slugWrong"));
  return <ChipListField {...rest} entries={slugs} placeholder="openai" problemOf={problemOf} />;
}
