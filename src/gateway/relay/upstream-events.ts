import type { EventSplitter } from "./framing.ts";

/** The part of a stream's reader that is used. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** Reads an upstream event stream a batch at a time: the events that one read completed, maybe none. */
export class UpstreamEvents {
  readonly #reader: ByteReader;
  readonly #splitter: EventSplitter;
  #ended = false;

  constructor(body: ReadableStream<Uint8Array>, splitter: EventSplitter) {
    this.#splitter = splitter;
    this.#reader = body.getReader();
  }

  /**
   * The events of the next read, none where it brought only comments or half an event; null at the end. Rejects when
   * the connection breaks or an event is too long.
   */
  async nextBatch(): Promise<string[] | null> {
    if (this.#ended) return null;
    const { done, value } = await this.#reader.read();
    this.#ended = done;
    return value === undefined ? this.#splitter.end() : this.#splitter.push(value);
  }

  /** Lets go of the connection. Never rejects. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#reader.cancel().catch(() => {});
  }
}
