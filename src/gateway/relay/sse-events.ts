/**
 * Splits server-sent events out of bytes that may be cut anywhere: inside a character, a line end, a field name.
 * Any chunking of the same bytes gives the same events.
 */

/** One event may not be longer than this; a provider that sends more is broken. */
export const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

export class SseEventTooLong extends Error {
  override readonly name = "SseEventTooLong";
}

export class SseSplitter {
  readonly #decoder = new TextDecoder("utf-8");
  /** Pieces of the line under way, joined only once it ends: a long one would else be copied with every piece. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #data: string[] = [];
  #dataLength = 0;

  /** Feeds bytes and returns the data of every event that became complete, in order. Throws SseEventTooLong. */
  push(bytes: Uint8Array): string[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }), false);
  }

  /** Says that no more bytes come: returns a last event that had no blank line behind it. */
  end(): string[] {
    return this.#take(this.#decoder.decode(), true);
  }

  #take(text: string, last: boolean): string[] {
    // A return at the very end waits for what follows it, which may be the other half of a line end.
    const mayEnd = last || text.includes("\n") || text.includes("\r") || this.#pieces.at(-1)?.endsWith("\r") === true;
    this.#keep(text);
    const events: string[] = [];
    if (mayEnd) this.#lines(this.#pieces.join(""), last, events);
    if (this.#piecesLength + this.#dataLength > MAX_EVENT_CHARACTERS)
      throw new SseEventTooLong("an event of the stream is too long");
    return events;
  }

  #keep(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.#piecesLength += text.length;
  }

  /** Takes the lines that are whole, and keeps the rest. */
  #lines(text: string, last: boolean, events: string[]): void {
    let from = 0;
    // Looked for once: a search per line would read the whole rest again each time.
    const hasCarriage = text.includes("\r");
    for (;;) {
      const feed = text.indexOf("\n", from);
      const carriage = hasCarriage ? text.indexOf("\r", from) : -1;
      const line = carriage === -1 ? endAtFeed(feed) : lineEnd(text, { feed, carriage }, last);
      if (line === undefined) break;
      this.#line(text.slice(from, line.end), events);
      from = line.next;
    }
    const rest = text.slice(from);
    this.#pieces = [];
    this.#piecesLength = 0;
    if (!last) {
      this.#keep(rest);
      return;
    }
    if (rest !== "") this.#line(rest, events);
    this.#line("", events);
  }

  #line(line: string, events: string[]): void {
    if (line === "") {
      if (this.#data.length > 0) events.push(this.#data.length === 1 ? (this.#data[0] ?? "") : this.#data.join("\n"));
      this.#data = [];
      this.#dataLength = 0;
      return;
    }
    if (!line.startsWith("data") || (line.length > 4 && line[4] !== ":")) return;
    const value = line.slice(5);
    this.#data.push(value.startsWith(" ") ? value.slice(1) : value);
    // An empty line of data still takes its place.
    this.#dataLength += value.length + 1;
  }
}

interface LineEnd {
  end: number;
  /** Where the next line begins. */
  next: number;
}

function endAtFeed(feed: number): LineEnd | undefined {
  return feed === -1 ? undefined : { end: feed, next: feed + 1 };
}

/** The end of a line in a text with carriage returns; one at the very end may be half of a CRLF. */
function lineEnd(text: string, found: { feed: number; carriage: number }, last: boolean): LineEnd | undefined {
  const { feed, carriage } = found;
  if (feed !== -1 && feed < carriage) return endAtFeed(feed);
  if (carriage === text.length - 1 && !last) return undefined;
  return { end: carriage, next: text[carriage + 1] === "\n" ? carriage + 2 : carriage + 1 };
}
