/** What is remembered of one key: constant memory, about ten kilobytes, also where it is kept. */
import { Hours, type HoursState } from "./hours.ts";
import { Refusals, type RefusalsState } from "./refusals.ts";
import type { Use } from "./sample.ts";
import { SeenSet, type SeenState } from "./seen.ts";

/** How loudly somebody was told; of an alert that is `sure`, whoever wishes it has the key frozen. */
export type Told = "notice" | "alert" | "sure";

export interface ProfileState {
  bornMs: number;
  lastMs: number;
  toldAtMs: number | null;
  toldLevel: Told | null;
  spending: HoursState;
  calls: HoursState;
  networks: SeenState;
  programs: SeenState;
  models: SeenState;
  refusals: RefusalsState;
  accepted: Accepted | null;
}

/** How much its owner has said is usual. */
export interface Accepted {
  atMs: number;
  dayUsd: number;
  hourUsd: number;
  hourCalls: number;
}

export class Profile {
  /** Of the first call that was seen. */
  bornMs: number;
  lastMs: number;
  /** When somebody was last told, and how loudly. */
  toldAtMs: number | null = null;
  toldLevel: Told | null = null;
  /** When it was last looked at. */
  judgedAtMs = Number.NEGATIVE_INFINITY;
  /** Whether it looked odd then. */
  isOdd = false;
  /** US dollars. */
  readonly spending: Hours;
  readonly calls: Hours;
  readonly networks: SeenSet;
  readonly programs: SeenSet;
  readonly models: SeenSet;
  readonly refusals: Refusals;
  accepted: Accepted | null = null;

  constructor(nowMs: number, state?: ProfileState) {
    this.bornMs = state?.bornMs ?? nowMs;
    this.lastMs = state?.lastMs ?? nowMs;
    this.toldAtMs = state?.toldAtMs ?? null;
    this.toldLevel = state?.toldLevel ?? null;
    this.spending = new Hours(nowMs, state?.spending);
    this.calls = new Hours(nowMs, state?.calls);
    this.networks = state ? SeenSet.from(state.networks) : new SeenSet();
    this.programs = state ? SeenSet.from(state.programs) : new SeenSet();
    this.models = state ? SeenSet.from(state.models) : new SeenSet();
    this.refusals = new Refusals(state?.refusals);
    this.accepted = state?.accepted ?? null;
  }

  state(): ProfileState {
    const { bornMs, lastMs, toldAtMs, toldLevel } = this;
    return {
      bornMs,
      lastMs,
      toldAtMs,
      toldLevel,
      spending: this.spending.state(),
      calls: this.calls.state(),
      networks: this.networks.state(),
      programs: this.programs.state(),
      models: this.models.state(),
      refusals: this.refusals.state(),
      accepted: this.accepted,
    };
  }

  /** True where something was seen that was never seen before. */
  add({ atMs, network, program, model, calls, costUsd }: Use): boolean {
    // Calls that were refused are no use.
    if (this.models.size === 0) this.bornMs = atMs;
    this.lastMs = Math.max(this.lastMs, atMs);
    this.spending.add(costUsd, atMs);
    this.calls.add(calls, atMs);
    const news = [
      network !== null && this.networks.add(network, costUsd, atMs),
      program !== null && this.programs.add(program, costUsd, atMs),
      this.models.add(model, costUsd, atMs),
    ];
    return news.includes(true);
  }

  /** Its owner says that what happened is usual from now on: by whom, and how much. */
  learn(nowMs: number): void {
    for (const seen of [this.networks, this.programs, this.models]) seen.learn(this.bornMs);
    this.accepted = {
      atMs: nowMs,
      dayUsd: this.spending.day(nowMs),
      hourUsd: this.spending.lastHour(nowMs),
      hourCalls: this.calls.lastHour(nowMs),
    };
    this.toldAtMs = null;
    this.toldLevel = null;
  }
}
