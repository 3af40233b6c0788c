/**
 * The sandbox's one rule of counting: a token is at most six characters (code points) of a word, together with the white
 * space before them; white space at the very end is one more. It is no real tokenizer, but anybody can recount it, and
 * joining the tokens of a text gives the text.
 */
const TOKEN_CHARACTERS = 6;

/** How many tokens `text` has; no more than `atMost` are counted. Linear, without building them. */
export function countTokens(text: string, atMost = Number.POSITIVE_INFINITY): number {
  let count = 0;
  for (let position = 0; position < text.length && count < atMost; count++) position = endOfToken(text, position);
  return count;
}

/** The tokens of `text`, in order. */
export function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let position = 0; position < text.length; ) {
    const end = endOfToken(text, position);
    tokens.push(text.slice(position, end));
    position = end;
  }
  return tokens;
}

/** `text` cut after its first `limit` tokens. */
export function firstTokens(text: string, limit: number): { text: string; count: number; cut: boolean } {
  let position = 0;
  let count = 0;
  for (; position < text.length && count < limit; count++) position = endOfToken(text, position);
  return { text: text.slice(0, position), count, cut: position < text.length };
}

function endOfToken(text: string, start: number): number {
  let position = start;
  while (position < text.length && isSpace(text.charCodeAt(position))) position++;
  for (let taken = 0; taken < TOKEN_CHARACTERS && position < text.length; taken++) {
    const code = text.charCodeAt(position);
    if (isSpace(code)) break;
    const isPair = code >= 0xd800 && code < 0xdc00 && (text.codePointAt(position) ?? 0) > 0xffff;
    position += isPair ? 2 : 1;
  }
  return position;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x2028 || code === 0x2029;
}
