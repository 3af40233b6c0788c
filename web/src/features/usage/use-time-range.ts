import { useEffect, useState } from "react";
import { isCustom, type RangeSearch, type TimeRange, timeRange } from "../../lib/time-range.ts";

const MOVES_ON_EVERY_MS = 30_000;

/** The range of the address; one that ends now moves on by itself. */
export function useTimeRange(search: RangeSearch): TimeRange {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const isFixed = isCustom(search);
  useEffect(() => {
    if (isFixed) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), MOVES_ON_EVERY_MS);
    return () => clearInterval(timer);
  }, [isFixed]);
  return timeRange(search, nowMs);
}
