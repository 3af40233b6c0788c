import { Meter as Base } from "@base-ui/react/meter";
import { classNames } from "../lib/class-names.ts";

interface MeterProps {
  /** What is measured, for assistive technology. */
  label: string;
  /** What it says in words; stands in full beside it as well. */
  text: string;
  /** What is used for good, as a share of the whole. */
  used: number;
  /** What is set aside at this moment, as a share of the whole. */
  held?: number;
  className?: string;
}

/** How much of a whole is used: green to amber at 80 %, red when nothing is left. Never the only place that says it. */
export function Meter({ label, text, used, held = 0, className }: MeterProps) {
  const usedPercent = percent(used);
  const heldPercent = Math.min(100 - usedPercent, percent(held));
  const fill = used >= 1 ? "bg-bad-fill" : used >= 0.8 ? "bg-amber" : "bg-good";
  return (
    <Base.Root
      aria-label={label}
      value={usedPercent}
      getAriaValueText={() => text}
      className={classNames("h-2 w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset", className)}
    >
      <Base.Track className="flex h-full">
        <Base.Indicator className={fill} />
        <div className={classNames(fill, "opacity-40")} style={{ width: `${heldPercent}%` }} />
      </Base.Track>
    </Base.Root>
  );
}

/** A whole number from 0 to 100; something is never drawn as nothing. */
function percent(share: number): number {
  if (!(share > 0)) return 0;
  return Math.min(100, Math.max(1, Math.round(share * 100)));
}
