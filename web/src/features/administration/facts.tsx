import type { ReactNode } from "react";
import { LANGUAGE_TAG, type Locale } from "../../../../src/kernel/locale.ts";
import { formatDuration } from "../../lib/format.ts";

/** Names and what is so of each. */
export function Facts({ rows }: { rows: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className="divide-y divide-line text-sm">
      {rows.map(({ name, value }) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-6 gap-y-1 py-2">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** "1.4 GB": thousands of bytes, as disks are sold. */
export function formatBytes(bytes: number, locale: Locale): string {
  let amount = bytes;
  let step = 0;
  while (amount >= 1000 && step < UNITS.length - 1) {
    amount /= 1000;
    step++;
  }
  const unit = UNITS[step] ?? "byte";
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: step === 0 ? 0 : 1 } as const;
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], style).format(amount);
}

/** "1 hour", "5 min", "500 ms": the largest unit that it fills. */
export function formatSpan(spanMs: number, locale: Locale): string {
  const minutes = spanMs / 60_000;
  if (minutes < 1) return formatDuration(spanMs, locale);
  const [amount, unit] = minutes < 60 ? [minutes, "minute"] : [minutes / 60, "hour"];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(LANGUAGE_TAG[locale], style).format(amount);
}
