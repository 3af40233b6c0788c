/** The entries in a text, in lower case, each once; commas and spaces stand between them. */
export function typedEntries(text: string): string[] {
  const typed = text.toLowerCase().split(/[\s,;]+/);
  return [...new Set(typed.filter((entry) => entry !== ""))];
}
