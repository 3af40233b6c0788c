/**
 * Watches what a running answer costs. Cheap: most batches cost two comparisons; the cost is worked out about once a
 * second, and more often only when what was set aside is nearly used up.
 */
import { lesserOf, type NanoUsd } from "../../kernel/money.ts";

export interface MeteredStream {
  grantedNano: NanoUsd;
  /** Bytes of the text so far. */
  textLength(): number;
  /** What it has cost so far, by the usual estimate; null where nobody knows. */
  costNano(): NanoUsd | null;
  /** What it has cost at the very least. */
  certainNano(): NanoUsd | null;
  /** Gets the cost about once a second. */
  progress(costNano: NanoUsd): void;
  monotonicMs(): number;
}

const MARK_EVERY_MS = 1_000;
/** Until so much has been written, nothing is worked out. */
const FIRST_LOOK_BYTES = 256;
const SHORTEST_STEP_BYTES = 64;

export class StreamMeter {
  readonly #stream: MeteredStream;
  #nextMarkMs: number;
  #nextLength = FIRST_LOOK_BYTES;

  constructor(stream: MeteredStream) {
    this.#stream = stream;
    this.#nextMarkMs = stream.monotonicMs() + MARK_EVERY_MS;
  }

  /** Whether what was set aside is used up. */
  isSpent(): boolean {
    const stream = this.#stream;
    const nowMs = stream.monotonicMs();
    if (nowMs >= this.#nextMarkMs) {
      this.#nextMarkMs = nowMs + MARK_EVERY_MS;
      this.#mark();
    }
    const length = stream.textLength();
    if (length < this.#nextLength) return false;
    const { grantedNano } = stream;
    const certainNano = stream.certainNano() ?? 0n;
    if (certainNano > 0n && certainNano >= grantedNano) return true;
    this.#nextLength = length + stepBytes(length, certainNano, grantedNano);
    return false;
  }

  #mark(): void {
    const { grantedNano } = this.#stream;
    const costNano = this.#stream.costNano() ?? 0n;
    if (costNano > 0n) this.#stream.progress(lesserOf(costNano, grantedNano));
  }
}

/** Half of the way that is left, if it goes on as it has until now. */
function stepBytes(length: number, certainNano: NanoUsd, grantedNano: NanoUsd): number {
  if (certainNano === 0n) return length;
  const left = (length * Number(grantedNano - certainNano)) / Number(certainNano);
  return Math.max(SHORTEST_STEP_BYTES, Math.floor(left / 2));
}
