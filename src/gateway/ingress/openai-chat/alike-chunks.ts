/**
 * Most chunks of a stream differ from the one before in their text alone. What was made of one is a mould for the next: the
 * text is taken out of the event as it is written there and put into the frame, without reading or writing any JSON.
 *
 * Invariants: a frame from the mould is, byte for byte, what reading and writing the chunk would have made; whatever
 * differs in anything but its text, or whose text needs an escape, does not fit.
 */
/** What a text has to be free of to mean itself in JSON. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NOT_PLAIN = /["\\\u0000-\u001f]/;

/** What was written of a chunk: the event that came, and the frame that was made of it. */
export interface Written {
  event: string;
  frame: string;
}

/** The texts in a chunk that may differ, in the order in which they stand. */
export interface Texts {
  content: string;
  /** The noise with which OpenAI hides how long the content is. */
  obfuscation?: string | undefined;
}

export interface AlikeChunk {
  text: string;
  frame: string;
}

/** The fixed text around the texts: one piece more than there are texts. */
interface Pieces {
  event: readonly string[];
  frame: readonly string[];
}

export class ChunkMould {
  readonly #pieces: Pieces;

  private constructor(pieces: Pieces) {
    this.#pieces = pieces;
  }

  /** Of a chunk that says nothing but these texts; undefined where they cannot be told from the rest. */
  static of(texts: Texts, written: Written): ChunkMould | undefined {
    const members: Member[] = [["content", texts.content]];
    if (texts.obfuscation !== undefined) members.push(["obfuscation", texts.obfuscation]);
    const event = piecesOf(written.event, members);
    const frame = piecesOf(written.frame, members);
    // An escape may be another spelling of a member's name.
    const isSpelled = event?.some((piece) => piece.includes("\\"));
    return event && frame && !isSpelled ? new ChunkMould({ event, frame }) : undefined;
  }

  /** What an event becomes that differs in its text alone; undefined for every other. */
  fill(event: string): AlikeChunk | undefined {
    const { event: fixed, frame } = this.#pieces;
    let from = 0;
    let text: string | undefined;
    let filled = "";
    for (let place = 0; place < fixed.length; place++) {
      const piece = fixed[place] ?? "";
      if (!event.startsWith(piece, from)) return undefined;
      from += piece.length;
      filled += frame[place] ?? "";
      if (place === fixed.length - 1) break;
      const end = event.indexOf('"', from);
      const said = event.slice(from, end);
      if (end === -1 || NOT_PLAIN.test(said)) return undefined;
      text ??= said;
      filled += said;
      from = end;
    }
    return from === event.length && text !== undefined ? { text, frame: filled } : undefined;
  }
}

/** Its name and what it says. */
type Member = readonly [string, string];

/** The text around what the members say; undefined unless each name stands there once, in this order. */
function piecesOf(whole: string, members: readonly Member[]): string[] | undefined {
  const pieces: string[] = [];
  let from = 0;
  for (const [name, said] of members) {
    const key = `"${name}"`;
    const at = whole.indexOf(key);
    const value = JSON.stringify(said);
    const begin = at + key.length + 2;
    // What stands twice, the reader takes from the other place.
    if (at < from || whole.includes(key, begin) || !whole.startsWith(`:${value}`, begin - 2)) return undefined;
    pieces.push(whole.slice(from, begin));
    from = begin + value.length - 2;
  }
  pieces.push(whole.slice(from));
  return pieces;
}
