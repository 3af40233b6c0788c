/**
 * Finds Gapura's keys in text, offline: what has their shape and their checksum is one, anything else is not.
 *
 * Invariant: memory is bounded by one line piece; a key that lies across two pieces is found all the same.
 */
import { maskApiKey, parseApiKey } from "../../kernel/api-key.ts";

/** The published pattern; the checksum decides which of its hits are keys. */
export const KEY_PATTERN = /gprm?_[0-9A-Za-z]{46}/g;

export interface Hit {
  /** Counted from 1. */
  line: number;
  column: number;
  /** The masked key. */
  label: string;
  kind: "inference" | "management";
}

/** Lines are cut into pieces of at most this many characters, so that a file without line breaks needs no more. */
const PIECE_CHARACTERS = 1024 * 1024;
const LONGEST_KEY = "gprm_".length + 46;

/** Every key in one line. */
export function keysIn(text: string): { index: number; key: string; kind: Hit["kind"] }[] {
  return [...text.matchAll(KEY_PATTERN)].flatMap(({ index, 0: key }) => {
    const parsed = parseApiKey(key);
    return parsed ? [{ index, key, kind: parsed.kind }] : [];
  });
}

/** The keys of a text that comes in pieces; bytes are read as Latin-1, because a key has only ASCII. */
export async function* findKeys(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Hit> {
  let line = 1;
  let column = 0;
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + Buffer.from(piece).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      yield* hitsIn(text, line, column);
      line++;
      column = 0;
    }
    if (rest.length <= PIECE_CHARACTERS) continue;
    const kept = rest.length - LONGEST_KEY;
    yield* hitsIn(rest, line, column).filter((hit) => hit.column - column <= kept);
    rest = rest.slice(kept);
    column += kept;
  }
  yield* hitsIn(rest, line, column);
}

function hitsIn(text: string, line: number, column: number): Hit[] {
  return keysIn(text).map(({ index, key, kind }) => ({
    line,
    column: column + index + 1,
    label: maskApiKey(key),
    kind,
  }));
}
