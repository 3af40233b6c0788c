/**
 * What of a stream is held back: events before the first word. Nothing of them is an answer yet, so a provider that fails
 * behind them can still be followed by another one. Bounded in number, in length and in time.
 */
import type { StreamStep, StreamTranslator } from "../canonical/dialects.ts";
import type { UpstreamEvents } from "../relay/upstream-events.ts";

/** So long are events held back that say nothing: longer than a stalled stream is waited for, shorter than proxies wait. */
export const HOLD_BACK_MS = 45_000;
/** And so many: nobody needs more of them before a word. */
const MAX_HELD_EVENTS = 200;
/** And so long together: some repeat the whole request, but a provider that is broken must not fill the memory. */
const MAX_HELD_CHARACTERS = 2 * 1024 * 1024;

export interface Opening {
  /** Called where something came that is no event, such as a comment. */
  onLife(): void;
  /** Called where an event came that says nothing. */
  onEmptyEvent(): void;
  /** Calls back after so long, unless what it returns is called before. */
  later(waitMs: number, onDue: () => void): () => void;
}

/** The rest of a stream. */
export type EventSource = Pick<UpstreamEvents, "nextBatch" | "close">;

export interface Beginning {
  firstBatch: string[];
  judgement: Judgement;
  /** What is being read already, where nothing more was waited for. */
  pending?: Promise<string[] | null>;
}

export async function beginningOf(
  events: UpstreamEvents,
  { reader, hold }: { reader: StreamTranslator; hold: Hold },
): Promise<Beginning> {
  const firstBatch: string[] = [];
  let characters = 0;
  while (firstBatch.length < MAX_HELD_EVENTS && characters < MAX_HELD_CHARACTERS) {
    const pending = events.nextBatch();
    const batch = await hold.within(pending);
    if (batch === "over") return { firstBatch, judgement: "silent", pending };
    if (batch === null) return { firstBatch, judgement: reader.isComplete ? "begun" : { kind: "unreadable" } };
    const judgement = judge(reader, batch);
    firstBatch.push(...batch);
    for (const event of batch) characters += event.length;
    if (judgement !== "silent") return { firstBatch, judgement };
    hold.heard(batch);
  }
  return { firstBatch, judgement: "silent" };
}

/** How long what says nothing is held back: from the first sign of life on. */
export class Hold {
  readonly #opening: Opening;
  #over: Promise<"over"> | undefined;
  #cancel = () => {};

  constructor(opening: Opening) {
    this.#opening = opening;
  }

  heard(batch: readonly string[]): void {
    if (batch.length === 0) this.#opening.onLife();
    else this.#opening.onEmptyEvent();
    this.#over ??= new Promise((resolve) => {
      this.#cancel = this.#opening.later(HOLD_BACK_MS, () => resolve("over"));
    });
  }

  within<Value>(work: Promise<Value>): Promise<Value | "over"> {
    return this.#over === undefined ? work : Promise.race([work, this.#over]);
  }

  end(): void {
    this.#cancel();
  }
}

/** The events behind a batch that is being read. */
export function resumed(events: UpstreamEvents, pending: Promise<string[] | null>): EventSource {
  // Whoever takes it hears of a failure; until then nobody does.
  pending.catch(() => {});
  let first: typeof pending | undefined = pending;
  return {
    nextBatch: () => {
      const batch = first ?? events.nextBatch();
      first = undefined;
      return batch;
    },
    close: () => events.close(),
  };
}

/** "silent" where nothing was said yet; else the step that makes the beginning none. */
type Judgement = "silent" | "begun" | StreamStep;

/** A failure that arrives before anything was said still is one of the beginning, and so is an end without an answer. */
function judge(stream: StreamTranslator, batch: readonly string[]): Judgement {
  for (const event of batch) {
    const step = stream.accept(event);
    if (step.kind === "failed" || step.kind === "unreadable") return step;
    if (step.kind === "done") return stream.isComplete ? "begun" : step;
    if (step.kind === "chunk" && step.hasToken) return "begun";
  }
  return "silent";
}
