/** A stream between two dialects: the provider's events become canonical ones, and those the client's. */
import type { GapuraError } from "../../kernel/errors.ts";
import type {
  AnswerNotes,
  Billed,
  EventReader,
  EventWriter,
  StreamStep,
  StreamTranslator,
} from "../canonical/dialects.ts";
import type { CanonicalEvent } from "../canonical/events.ts";
import { CUT } from "../metering/settlement.ts";
import { textBytes } from "../metering/usage.ts";

export class TranslatedStream implements StreamTranslator {
  readonly #reader: EventReader;
  readonly #writer: EventWriter;
  readonly #notes = new NotedEvents();

  constructor(reader: EventReader, writer: EventWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  accept(data: string): StreamStep {
    const events = this.#reader.accept(data);
    if (events === undefined) return { kind: "unreadable" };
    let frames = "";
    let hasToken = false;
    for (const event of events) {
      const { kind } = event;
      if (kind === "failure") return { kind: "failed", status: event.status, message: event.message, frames };
      if (kind === "end") return { kind: "done", frames };
      hasToken = this.#notes.add(event) || hasToken;
      frames += this.#writer.write(event);
    }
    return frames === "" ? { kind: "nothing" } : { kind: "chunk", frames, hasToken };
  }

  get isComplete(): boolean {
    return this.#notes.finishReason !== null;
  }
  /** What a provider says of an answer that broke off may be from its beginning. */
  get usage(): AnswerNotes["usage"] {
    const { usage } = this.#notes;
    return usage && !this.isComplete ? { ...usage, estimated: true } : usage;
  }
  get textLength(): number {
    return this.#notes.textLength;
  }
  get upstreamId(): string | null {
    return this.#notes.upstreamId;
  }
  get finishReason(): string | null {
    return this.#notes.finishReason;
  }
  get nativeFinishReason(): string | null {
    return this.#notes.nativeFinishReason;
  }

  get serviceTier(): string | null {
    return this.#notes.serviceTier;
  }
  get mediaCount(): number {
    return this.#notes.mediaCount;
  }

  end(billed: Billed): string {
    return this.#writer.end(billed);
  }

  cut(billed: Billed): string {
    const finish = { kind: "finish", reason: "length", native: CUT, stopSequence: null } as const;
    this.#notes.add(finish);
    return this.#writer.write(finish) + this.#writer.end(billed);
  }

  fail(error: GapuraError): string {
    return this.#writer.fail(error);
  }
}

/** What the record of a request needs to know of the events of its answer. */
export class NotedEvents implements AnswerNotes {
  usage: AnswerNotes["usage"];
  textLength = 0;
  upstreamId: string | null = null;
  finishReason: string | null = null;
  nativeFinishReason: string | null = null;
  serviceTier: string | null = null;
  mediaCount = 0;

  /** Notes an event; true when it holds something a person would see. */
  add(event: CanonicalEvent): boolean {
    if (event.kind === "start") this.upstreamId = event.upstreamId;
    else if (event.kind === "usage") this.usage = event.usage;
    else if (event.kind === "service-tier") this.serviceTier = event.tier;
    else if (event.kind === "image") this.mediaCount++;
    else if (event.kind === "finish") {
      this.finishReason = event.reason;
      this.nativeFinishReason = event.native ?? event.reason;
    }
    const length = visibleLength(event);
    this.textLength += length;
    return length > 0;
  }
}

function visibleLength(event: CanonicalEvent): number {
  switch (event.kind) {
    case "text":
    case "refusal":
    case "tool-arguments":
      return textBytes(event.text);
    case "reasoning":
      if (event.detail.kind === "encrypted") return 0;
      return textBytes(event.detail.kind === "text" ? event.detail.text : event.detail.summary);
    case "tool-call":
      return textBytes(event.name);
    case "image":
    case "audio":
      return 1;
    default:
      return 0;
  }
}
