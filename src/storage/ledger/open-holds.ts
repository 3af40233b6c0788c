/** The holds of one process that are not ended yet, each with how far its call is. */
import type { NanoUsd } from "../../kernel/money.ts";
import type { UsageRow } from "../schema.ts";
import { packRows, storable } from "../usage-writer/rows.ts";
import type { HeldMoney, ProgressMark } from "./commands.ts";
import type { Lease, LimitSet } from "./lease-pool.ts";

/** More calls than this are refused. */
export const MOST_OPEN_HOLDS = 50_000;

export interface HoldEntry {
  money: HeldMoney;
  leased: { set: LimitSet; lease: Lease } | null;
  draft(): UsageRow;
}

interface Open extends HoldEntry {
  costNano: NanoUsd;
  /** What was sent to the database of it. */
  markedNano: NanoUsd;
}

/** Emptied when its hold ends: what was in a Map outlives it (kernel/roster.ts), and a hold leads to its whole request. */
interface Slot {
  hold: Open | null;
}

export class OpenHolds {
  readonly #open = new Map<string, Slot>();
  /** Ended here, and not yet in the database. */
  readonly #ending = new Set<string>();

  /** Throws when there is no room for another. */
  refuseWhenFull(): void {
    if (this.#open.size >= MOST_OPEN_HOLDS) throw new Error(`${MOST_OPEN_HOLDS} calls are held; no more are taken`);
  }

  add(entry: HoldEntry): void {
    this.#open.set(entry.money.requestId, { hold: { ...entry, costNano: 0n, markedNano: 0n } });
  }

  progressed(requestId: string, costNano: NanoUsd): void {
    const hold = this.#open.get(requestId)?.hold;
    if (hold && costNano > hold.costNano) hold.costNano = costNano;
  }

  /** Takes a hold out: from here on nobody else can end it. Undefined when somebody has. */
  end(requestId: string): (HoldEntry & { isMarked: boolean }) | undefined {
    const slot = this.#open.get(requestId);
    if (!slot?.hold) return undefined;
    const { hold } = slot;
    slot.hold = null;
    this.#open.delete(requestId);
    this.#ending.add(requestId);
    return { ...hold, isMarked: hold.markedNano > 0n };
  }

  /** The end is in the database, or will never be. */
  ended(requestId: string): void {
    this.#ending.delete(requestId);
  }

  /** Marks of the calls that cost more than at the last time. */
  takeMarks(): ProgressMark[] {
    const marks: ProgressMark[] = [];
    for (const { hold } of this.#open.values()) {
      if (hold === null || hold.costNano <= hold.markedNano || hold.money.limitIds.length === 0) continue;
      hold.markedNano = hold.costNano;
      marks.push({ hold: hold.money, costNano: hold.costNano, draft: packRows([storable(hold.draft())]) });
    }
    return marks;
  }

  has(requestId: string): boolean {
    return this.#open.has(requestId) || this.#ending.has(requestId);
  }

  get isEmpty(): boolean {
    return this.#open.size === 0 && this.#ending.size === 0;
  }
}
