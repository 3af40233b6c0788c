/** How deep JSON is nested, told from its text, before anything that recurses has to walk it. */

/** True when objects and lists lie inside each other more than `levels` deep. Texts count for nothing. */
export function isDeeperThan(levels: number, text: string): boolean {
  // Every level needs a character of its own.
  if (text.length <= levels) return false;
  let depth = 0;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === 0x22) position = endOfString(text, position);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > levels) return true;
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
