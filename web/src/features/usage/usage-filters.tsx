import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLocale } from "../../i18n/language.ts";
import { formatCompact } from "../../lib/format.ts";
import type { TimeRange } from "../../lib/time-range.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { usePartName } from "./part-name.ts";
import { choicesQuery } from "./usage-queries.ts";
import type { Dimension, FilterSearch } from "./usage-search.ts";
import { filterOf, useDimensions } from "./use-dimensions.ts";

interface UsageFiltersProps {
  shown: TimeRange;
  search: FilterSearch;
  onChoose: (name: Dimension, value: string | undefined) => void;
}

/** No name of a model or app is this one. */
const ALL = "*";

/** Narrows down by what was used in the range, with how often. */
export function UsageFilters({ shown, search, onChoose }: UsageFiltersProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const partName = usePartName();
  const { data } = useQuery(choicesQuery(shown, search));
  const filter = filterOf(search);
  return useDimensions(search).map((dimension) => {
    const chosen = filter[dimension];
    const choices = data?.[dimension] ?? [];
    const isListed = chosen === undefined || choices.some(({ id }) => id === chosen);
    const listed = choices.map(({ id, name, requests }) => ({
      value: id,
      label: `${partName(dimension, name)} · ${formatCompact(requests, locale)}`,
    }));
    // What is in the address stays chosen, also where the range holds none of it.
    const own = isListed ? [] : [{ value: chosen, label: partName(dimension, chosen) }];
    return (
      <SelectField
        key={dimension}
        label={t(`usage.by_${dimension}`)}
        value={chosen ?? ALL}
        options={[{ value: ALL, label: t("usage.all") }, ...own, ...listed]}
        onChange={(event) => onChoose(dimension, event.target.value === ALL ? undefined : event.target.value)}
        className="min-w-0"
      />
    );
  });
}
