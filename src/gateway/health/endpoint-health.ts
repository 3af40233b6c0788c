/** What is remembered of one endpoint: how often it failed, how soon it began and how fast it was. Constant memory. */
import type { Percentiles } from "../router/route.ts";
import { percentilesAtLeast, percentilesAtMost, RollingHistogram } from "./histogram.ts";
import { RollingCounts } from "./rolling-counts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOWS = {
  fiveMinutes: { sliceMs: MINUTE_MS, slices: 5 },
  halfHour: { sliceMs: 5 * MINUTE_MS, slices: 6 },
  day: { sliceMs: 3 * HOUR_MS, slices: 8 },
} as const;
export type MeasuredWindow = keyof typeof WINDOWS;
const WINDOW_NAMES = ["fiveMinutes", "halfHour", "day"] as const;
const OUTAGE_WINDOW = { sliceMs: 5_000, slices: 6 };

const ANSWERED = 0;
const FAILED = 1;

/** One failure may be chance. */
const OUTAGE_FAILURES = 2;
/** With fewer requests a share says nothing that another provider should be preferred for. */
export const UPTIME_LEAST_FOR_ROUTING = 100;
/** With fewer a share is not shown either. */
const UPTIME_LEAST_SHOWN = 20;
const PERCENTILES_LEAST = 5;
const QUANTILE_LEAST = 20;
/** Percentiles are worked out anew no more often than this, however many requests ask for them. */
const STALE_AFTER_MS = 1_000;
/** Latencies are counted in milliseconds, throughput in hundredths of a token per second. */
const MS_PER_SECOND = 1000;
const HUNDREDTHS = 100;

export interface Speed {
  /** Seconds to the first token. */
  latencySeconds: Percentiles | null;
  /** Tokens per second. */
  throughput: Percentiles | null;
}

interface Measures {
  latencyMs: RollingHistogram;
  throughput: RollingHistogram;
}

export class EndpointHealth {
  readonly #outage = new RollingCounts(OUTAGE_WINDOW, 2);
  readonly #uptime: Readonly<Record<MeasuredWindow, RollingCounts>> = perWindow((shape) => new RollingCounts(shape, 2));
  /** Made with the first stream that was measured. */
  #measures: Readonly<Record<MeasuredWindow, Measures>> | undefined;
  readonly #cached = new Map<MeasuredWindow, { speed: Speed; atMs: number }>();

  answered(nowMs: number): void {
    this.#outage.add(ANSWERED, nowMs);
    for (const name of WINDOW_NAMES) this.#uptime[name].add(ANSWERED, nowMs);
  }

  /** `isOutage` is false for failures that a client may have brought about. */
  failed(nowMs: number, isOutage: boolean): void {
    if (isOutage) this.#outage.add(FAILED, nowMs);
    for (const name of WINDOW_NAMES) this.#uptime[name].add(FAILED, nowMs);
  }

  /** A stream that came to its end. `tokensPerSecond` is null where it was too short to tell. */
  measured({ firstTokenMs, tokensPerSecond }: StreamMeasure, nowMs: number): void {
    this.#measures ??= perWindow((shape) => ({
      latencyMs: new RollingHistogram(shape),
      throughput: new RollingHistogram(shape),
    }));
    for (const name of WINDOW_NAMES) {
      this.#measures[name].latencyMs.add(firstTokenMs, nowMs);
      if (tokensPerSecond !== null) this.#measures[name].throughput.add(tokensPerSecond * HUNDREDTHS, nowMs);
    }
  }

  hasOutage(nowMs: number): boolean {
    const failed = this.#outage.sum(FAILED, nowMs);
    return failed >= OUTAGE_FAILURES && failed > this.#outage.sum(ANSWERED, nowMs);
  }

  /** From 0 to 1; null with fewer requests than `least`. */
  uptime(window: MeasuredWindow, nowMs: number, least = UPTIME_LEAST_SHOWN): number | null {
    const answered = this.#uptime[window].sum(ANSWERED, nowMs);
    const all = answered + this.#uptime[window].sum(FAILED, nowMs);
    return all < least ? null : answered / all;
  }

  speed(window: MeasuredWindow, nowMs: number): Speed {
    const cached = this.#cached.get(window);
    if (cached && nowMs - cached.atMs < STALE_AFTER_MS) return cached.speed;
    const found = this.#measures?.[window];
    const speed: Speed = {
      latencySeconds: percentilesAtMost(found?.latencyMs, nowMs, { least: PERCENTILES_LEAST, unit: MS_PER_SECOND }),
      throughput: percentilesAtLeast(found?.throughput, nowMs, { least: PERCENTILES_LEAST, unit: HUNDREDTHS }),
    };
    this.#cached.set(window, { speed, atMs: nowMs });
    return speed;
  }

  /** Milliseconds within which this share of the streams of the last half hour has begun; null with too few of them. */
  firstTokenMs(share: number, nowMs: number): number | null {
    return this.#measures?.halfHour.latencyMs.quantiles([share], nowMs, QUANTILE_LEAST)?.[0] ?? null;
  }
}

export interface StreamMeasure {
  firstTokenMs: number;
  tokensPerSecond: number | null;
}

function perWindow<One>(make: (shape: (typeof WINDOWS)[MeasuredWindow]) => One): Record<MeasuredWindow, One> {
  return { fiveMinutes: make(WINDOWS.fiveMinutes), halfHour: make(WINDOWS.halfHour), day: make(WINDOWS.day) };
}
