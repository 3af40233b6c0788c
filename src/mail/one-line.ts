/** Takes line breaks and other control characters out, so that no name can add a header or a line. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
