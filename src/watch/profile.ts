/** What is remembered of one key: constant memory, about ten kilobytes. */
import { Hours, type HoursState } from "./hours.ts";
import { networkOf, programOf } from "./network.ts";
import type { Sample } from "./sample.ts";
import { SeenSet, type SeenState } from "./seen.ts";

export interface ProfileState {
  bornMs: number;
  lastMs: number;
  toldAtMs: number | null;
  toldLevel: "notice" | "alert" | null;
  spending: HoursState;
  calls: HoursState;
  networks: SeenState;
  programs: SeenState;
  models: SeenState;
}

export class Profile {
  /** Of the first call that was seen. */
  readonly bornMs: number;
  lastMs: number;
  /** When somebody was last told, and how loudly. */
  toldAtMs: number | null = null;
  toldLevel: "notice" | "alert" | null = null;
  /** When it was last looked at. */
  judgedAtMs = Number.NEGATIVE_INFINITY;
  /** US dollars. */
  readonly spending: Hours;
  readonly calls: Hours;
  readonly networks: SeenSet;
  readonly programs: SeenSet;
  readonly models: SeenSet;
  /** Most calls come from where the one before them came, and parsing an address costs more than all the rest. */
  #lastAddress: string | null = null;
  #lastNetwork = "";

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
    };
  }

  /** True where something was seen that was never seen before. */
  add({ atMs, address, model, costUsd, userAgent }: Sample): boolean {
    this.lastMs = Math.max(this.lastMs, atMs);
    this.spending.add(costUsd, atMs);
    this.calls.add(1, atMs);
    const news = [
      address !== null && this.networks.add(this.#networkOf(address), costUsd, atMs),
      userAgent !== null && this.programs.add(programOf(userAgent), costUsd, atMs),
      this.models.add(model, costUsd, atMs),
    ];
    return news.includes(true);
  }

  #networkOf(address: string): string {
    if (address !== this.#lastAddress) {
      this.#lastNetwork = networkOf(address);
      this.#lastAddress = address;
    }
    return this.#lastNetwork;
  }

  /** Its owner says that what happened is usual from now on. */
  learn(): void {
    for (const seen of [this.networks, this.programs, this.models]) seen.learn(this.bornMs);
    this.toldAtMs = null;
    this.toldLevel = null;
  }
}
