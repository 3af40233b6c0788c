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
  get usage() {
    return this.#notes.usage;
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
      return event.text.length;
    case "reasoning":
      if (event.detail.kind === "encrypted") return 0;
      return event.detail.kind === "text" ? event.detail.text.length : event.detail.summary.length;
    case "tool-call":
      return event.name.length;
    case "image":
    case "audio":
      return 1;
    default:
      return 0;
  }
}
