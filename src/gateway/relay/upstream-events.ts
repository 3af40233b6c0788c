import { SseSplitter } from "./sse-events.ts";

/** The part of a stream's reader that is used. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Reads an upstream event stream a batch at a time: all events that one read completed. */
export class UpstreamEvents {
  readonly #reader: ByteReader;
  readonly #splitter = new SseSplitter();
  #ended = false;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  /** The next events, at least one; null at the end. Rejects when the connection breaks or an event is too long. */
  async nextBatch(): Promise<string[] | null> {
    while (!this.#ended) {
      const { done, value } = await this.#reader.read();
      const events = value === undefined ? this.#splitter.end() : this.#splitter.push(value);
      this.#ended = done;
      if (events.length > 0) return events;
    }
    return null;
  }

  /** Lets go of the connection. Never rejects. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#reader.cancel().catch(() => {});
  }
}
