import type { UsageSeries } from "../../../../src/contract/schemas/usage-series.ts";
import { LANGUAGE_TAG } from "../../../../src/kernel/locale.ts";
import { useLocale } from "../../i18n/language.ts";

type Options = Intl.DateTimeFormatOptions;

const AXIS: Record<UsageSeries["step"], Options> = {
  minute: { hour: "2-digit", minute: "2-digit" },
  hour: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  day: { month: "short", day: "numeric", timeZone: "UTC" },
};
const EXACT: Record<UsageSeries["step"], Options> = {
  minute: { dateStyle: "medium", timeStyle: "short" },
  hour: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "full", timeZone: "UTC" },
};

/** The time of a step: short below a chart, whole in words. Minutes and hours are the reader's own; days are UTC's. */
export function useStepText(step: UsageSeries["step"]): {
  axis: (ms: number) => string;
  exact: (ms: number) => string;
} {
  const tag = LANGUAGE_TAG[useLocale()];
  const [axis, exact] = [new Intl.DateTimeFormat(tag, AXIS[step]), new Intl.DateTimeFormat(tag, EXACT[step])];
  return { axis: (ms) => axis.format(ms), exact: (ms) => exact.format(ms) };
}
