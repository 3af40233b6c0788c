import { useLocale } from "../i18n/language.ts";
import { formatAgo, formatDateTime } from "../lib/format.ts";

/** How long ago, with the exact time on hover and for machines. */
export function TimeAgo({ timeMs }: { timeMs: number }) {
  const locale = useLocale();
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={formatDateTime(timeMs, locale)}>
      {formatAgo(timeMs, Date.now(), locale)}
    </time>
  );
}
