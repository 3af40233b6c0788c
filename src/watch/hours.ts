/**
 * A sum (of dollars, or of calls), hour by hour for 28 days, in steps of five minutes for the last hour, and the most in a
 * quarter of an hour for each day. Constant memory: three rings. Hours without a call are zero, because silence is a habit
 * too.
 */
const HOUR_MS = 3_600_000;
const STEP_MS = 300_000;
const HOURS = 28 * 24;
const STEPS = 12;
const QUARTER = 3;
const DAY = 24;
const DAYS = HOURS / DAY;

export interface HoursState {
  hour: number;
  step: number;
  /** The rings, as base64 of their bytes: short, and exact. */
  hours: string;
  steps: string;
  quarters: string;
}

/** The days before the last 24 hours, as they are seen from one hour: their sums, and the most in one hour of each. */
interface Past {
  hour: number;
  sums: readonly number[];
  peaks: readonly number[];
}

export class Hours {
  readonly #hours: Float32Array;
  readonly #steps: Float32Array;
  /** The most in a quarter of an hour of each day (of UTC). */
  readonly #quarters: Float32Array;
  /** The newest of each ring, counted from 1970. */
  #hour: number;
  #step: number;
  #known: Past | null = null;

  constructor(nowMs: number, state?: HoursState) {
    this.#hour = state?.hour ?? Math.floor(nowMs / HOUR_MS);
    this.#step = state?.step ?? Math.floor(nowMs / STEP_MS);
    this.#hours = ring(HOURS, state?.hours);
    this.#steps = ring(STEPS, state?.steps);
    this.#quarters = ring(DAYS, state?.quarters);
    if (state?.quarters === "") this.#guessQuarters();
  }

  state(): HoursState {
    return {
      hour: this.#hour,
      step: this.#step,
      hours: bytesOf(this.#hours),
      steps: bytesOf(this.#steps),
      quarters: bytesOf(this.#quarters),
    };
  }

  /** Adds to the sum. What is older than the newest counts with the newest: calls end in any order. */
  add(amount: number, atMs: number): void {
    this.#advance(atMs);
    const hour = this.#hour % HOURS;
    const step = this.#step % STEPS;
    this.#hours[hour] = (this.#hours[hour] ?? 0) + amount;
    this.#steps[step] = (this.#steps[step] ?? 0) + amount;
    const day = Math.floor(this.#hour / DAY) % DAYS;
    this.#quarters[day] = Math.max(this.#quarters[day] ?? 0, this.#latestSteps(QUARTER));
  }

  /** The last 60 minutes, to within five. */
  lastHour(nowMs: number): number {
    this.#advance(nowMs);
    return this.#latestSteps(STEPS);
  }

  /** The last 15 minutes, to within five. */
  lastQuarter(nowMs: number): number {
    this.#advance(nowMs);
    return this.#latestSteps(QUARTER);
  }

  /** The last 24 hours, to within one; `daysBack` days earlier. */
  day(nowMs: number, daysBack = 0): number {
    this.#advance(nowMs);
    return daysBack === 0 ? this.#hoursOfDay(0).sum : (this.#past().sums[daysBack - 1] ?? 0);
  }

  /** The hours around this time of day on each of the `days` days before today: three for each day. */
  sameHours(nowMs: number, days: number): number[] {
    this.#advance(nowMs);
    const found: number[] = [];
    for (let day = 1; day <= days; day++) {
      for (const shift of [-1, 0, 1]) {
        const back = day * DAY + shift;
        if (back < HOURS) found.push(this.#at(back));
      }
    }
    return found;
  }

  /** The most in one hour of each of the `days` days before the last 24 hours. */
  largestHours(nowMs: number, days: number): number[] {
    this.#advance(nowMs);
    return this.#past().peaks.slice(0, days);
  }

  /** The most in a quarter of an hour of the `days` days before today. */
  largestQuarter(nowMs: number, days: number): number {
    this.#advance(nowMs);
    const today = Math.floor(this.#hour / DAY);
    let most = 0;
    for (let back = 1; back <= Math.min(days, DAYS - 1, today); back++) {
      most = Math.max(most, this.#quarters[(today - back) % DAYS] ?? 0);
    }
    return most;
  }

  #at(hoursBack: number): number {
    const hour = this.#hour - hoursBack;
    return hour < 0 ? 0 : (this.#hours[hour % HOURS] ?? 0);
  }

  /** What does not change before the hour does: a key is looked at far more often. */
  #past(): Past {
    if (this.#known?.hour === this.#hour) return this.#known;
    const days = Array.from({ length: DAYS - 1 }, (_, index) => this.#hoursOfDay(index + 1));
    this.#known = { hour: this.#hour, sums: days.map(({ sum }) => sum), peaks: days.map(({ peak }) => peak) };
    return this.#known;
  }

  #hoursOfDay(daysBack: number): { sum: number; peak: number } {
    let sum = 0;
    let peak = 0;
    for (let back = daysBack * DAY; back < (daysBack + 1) * DAY; back++) {
      const amount = this.#at(back);
      sum += amount;
      peak = Math.max(peak, amount);
    }
    return { sum, peak };
  }

  #latestSteps(count: number): number {
    let sum = 0;
    for (let back = 0; back < Math.min(count, this.#step + 1); back++) {
      sum += this.#steps[(this.#step - back) % STEPS] ?? 0;
    }
    return sum;
  }

  /** For what was kept before quarters were: no quarter had more than the largest hour of its day. */
  #guessQuarters(): void {
    for (let back = 0; back < HOURS; back++) {
      const day = Math.floor((this.#hour - back) / DAY) % DAYS;
      this.#quarters[day] = Math.max(this.#quarters[day] ?? 0, this.#at(back));
    }
  }

  #advance(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
    const days = [Math.floor(this.#hour / DAY), Math.floor(hour / DAY)] as const;
    for (let next = Math.max(days[0] + 1, days[1] - DAYS + 1); next <= days[1]; next++) this.#quarters[next % DAYS] = 0;
    for (let next = Math.max(this.#hour + 1, hour - HOURS + 1); next <= hour; next++) this.#hours[next % HOURS] = 0;
    this.#hour = Math.max(this.#hour, hour);
    const step = Math.floor(nowMs / STEP_MS);
    for (let next = Math.max(this.#step + 1, step - STEPS + 1); next <= step; next++) this.#steps[next % STEPS] = 0;
    this.#step = Math.max(this.#step, step);
  }
}

function bytesOf(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

/** Empty where nothing was kept, or something of another size. */
function ring(length: number, kept?: string): Float32Array {
  const values = new Float32Array(length);
  const bytes = Buffer.from(kept ?? "", "base64");
  if (bytes.length === values.byteLength) Buffer.from(values.buffer).set(bytes);
  return values;
}
