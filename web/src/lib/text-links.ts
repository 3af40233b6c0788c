export interface TextPart {
  text: string;
  /** Set where the text is a web address. */
  href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/g;
/** Punctuation that ends the sentence, not the address. */
const TRAILING = /[.,;:!?)\]}]+$/;

/** Cuts plain text into what is a web address and what is not. Joined again, the parts are the text. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let position = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (match.index > position) parts.push({ text: text.slice(position, match.index), href: null });
    parts.push({ text: address, href: address });
    position = match.index + address.length;
  }
  if (position < text.length) parts.push({ text: text.slice(position), href: null });
  return parts;
}
