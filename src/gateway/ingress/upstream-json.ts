/** Parses what a provider sent. Its JSON is bounded in depth before anything walks it, as a client's is. */
import { type JsonResult, parseJson } from "../../kernel/json.ts";

const MAX_DEPTH = 200;
/** A text this short cannot nest deep enough to cost anything. */
const HARMLESS_LENGTH = 4_096;

/** Never throws. */
export function parseUpstreamJson(text: string): JsonResult {
  if (text.length > HARMLESS_LENGTH && isTooDeep(text)) return { ok: false, reason: `deeper than ${MAX_DEPTH} levels` };
  return parseJson(text);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === 0x22) position = endOfString(text, position);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** The position of the closing quote of the string that opens at `open`, or the end of the text. */
function endOfString(text: string, open: number): number {
  for (let position = open + 1; ; position++) {
    const quote = text.indexOf('"', position);
    if (quote === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote;
    position = quote;
  }
}
