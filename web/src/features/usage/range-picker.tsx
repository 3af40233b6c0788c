import { useTranslation } from "react-i18next";
import { dayText, isCustom, RANGES, type RangeSearch, type TimeRange } from "../../lib/time-range.ts";
import { Segments } from "../../ui/segments.tsx";
import { inputStyle } from "../../ui/text-field.tsx";

interface RangePickerProps {
  search: RangeSearch;
  shown: TimeRange;
  onChoose: (search: RangeSearch) => void;
}

/** From when to when: by name, or by days. */
export function RangePicker({ search, shown, onChoose }: RangePickerProps) {
  const { t } = useTranslation();
  const custom = isCustom(search);
  const named = RANGES.map((value) => ({ value, label: t(`usage.range_${value}`) }));
  const options = [...named, { value: "custom" as const, label: t("usage.rangeCustom") }];
  const days = { from: dayText(shown.from), to: dayText(shown.to - 1) };
  const field = (name: "from" | "to", label: string) => (
    <label className="flex items-center gap-2 text-sm text-muted">
      {label}
      <input
        type="date"
        value={days[name]}
        max={name === "from" ? days.to : undefined}
        min={name === "to" ? days.from : undefined}
        onChange={(event) => event.target.value && onChoose({ ...days, [name]: event.target.value })}
        className={`${inputStyle} min-h-9 w-auto text-sm`}
      />
    </label>
  );
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Segments
        label={t("usage.range")}
        value={custom ? "custom" : (search.range ?? "30d")}
        options={options}
        onChoose={(chosen) => onChoose(chosen === "custom" ? days : { range: chosen })}
      />
      {custom ? (
        <>
          {field("from", t("usage.rangeFrom"))}
          {field("to", t("usage.rangeTo"))}
        </>
      ) : null}
    </div>
  );
}
