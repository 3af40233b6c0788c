/**
 * A sum (of dollars, or of calls), hour by hour for 28 days and in steps of five minutes for the last hour. Constant
 * memory: two rings. Hours without a call are zero, because silence is a habit too.
 */
const HOUR_MS = 3_600_000;
const STEP_MS = 300_000;
const HOURS = 28 * 24;
const STEPS = 12;
const DAY = 24;

export interface HoursState {
  hour: number;
  step: number;
  /** The rings, as base64 of their bytes: short, and exact. */
  hours: string;
  steps: string;
}

export class Hours {
  readonly #hours: Float32Array;
  readonly #steps: Float32Array;
  /** The newest of each ring, counted from 1970. */
  #hour: number;
  #step: number;

  constructor(nowMs: number, state?: HoursState) {
    this.#hour = state?.hour ?? Math.floor(nowMs / HOUR_MS);
    this.#step = state?.step ?? Math.floor(nowMs / STEP_MS);
    this.#hours = ring(HOURS, state?.hours);
    this.#steps = ring(STEPS, state?.steps);
  }

  state(): HoursState {
    return { hour: this.#hour, step: this.#step, hours: bytesOf(this.#hours), steps: bytesOf(this.#steps) };
  }

  /** Adds to the sum. What is older than the newest counts with the newest: calls end in any order. */
  add(amount: number, atMs: number): void {
    this.#advance(atMs);
    const hour = this.#hour % HOURS;
    const step = this.#step % STEPS;
    this.#hours[hour] = (this.#hours[hour] ?? 0) + amount;
    this.#steps[step] = (this.#steps[step] ?? 0) + amount;
  }

  /** The last 60 minutes, to within five. */
  lastHour(nowMs: number): number {
    this.#advance(nowMs);
    return this.#steps.reduce((sum, each) => sum + each, 0);
  }

  /** The last 24 hours, to within one; `daysBack` days earlier. */
  day(nowMs: number, daysBack = 0): number {
    this.#advance(nowMs);
    let sum = 0;
    for (let back = daysBack * DAY; back < (daysBack + 1) * DAY; back++) sum += this.#at(back);
    return sum;
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

  /** The most in one hour of the `days` days before today. */
  largestHour(nowMs: number, days: number): number {
    this.#advance(nowMs);
    let most = 0;
    for (let back = DAY; back < Math.min(HOURS, (days + 1) * DAY); back++) most = Math.max(most, this.#at(back));
    return most;
  }

  #at(hoursBack: number): number {
    const hour = this.#hour - hoursBack;
    return hour < 0 ? 0 : (this.#hours[hour % HOURS] ?? 0);
  }

  #advance(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
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
