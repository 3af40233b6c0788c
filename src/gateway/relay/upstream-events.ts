import type { EventSplitter } from "./framing.ts";

/** The part of a stream's reader that is used. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/** How much of what was read at once is made into events at once: as text it takes several times the room. */
const PIECE_BYTES = 16 * 1024;
const NOTHING = new Uint8Array();

/** Reads an upstream event stream a batch at a time: the events that one piece completed, maybe none. */
export class UpstreamEvents {
  readonly #reader: ByteReader;
  readonly #splitter: EventSplitter;
  #unread: Uint8Array = NOTHING;
  #ended = false;

  constructor(body: ReadableStream<Uint8Array>, splitter: EventSplitter) {
    this.#splitter = splitter;
    this.#reader = body.getReader();
  }

  /**
   * The events of the next piece, none where it held only comments or half an event; null at the end. Rejects when the
   * connection breaks or an event is too long.
   */
  async nextBatch(): Promise<string[] | null> {
    if (this.#ended) return null;
    if (this.#unread.length === 0) {
      const { done, value } = await this.#reader.read();
      this.#ended = done;
      if (value === undefined) return this.#splitter.end();
      this.#unread = value;
    }
    const piece = this.#unread.subarray(0, PIECE_BYTES);
    this.#unread = piece.length === this.#unread.length ? NOTHING : this.#unread.subarray(PIECE_BYTES);
    return this.#splitter.push(piece);
  }

  /** Lets go of the connection. Never rejects. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#unread = NOTHING;
    await this.#reader.cancel().catch(() => {});
  }
}
