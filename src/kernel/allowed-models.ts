/**
 * Which models a key may call: ids such as `openai/gpt-4o`, and patterns in which `*` stands for anything.
 *
 * Invariants: an entry is compared with the whole id, whatever the case of either; an empty list holds nothing. What is
 * asked for is the id that a name has led to, so no other name of a model leads around the list.
 */

/** So many entries has a list at most, and so many characters an entry. */
export const MOST_ALLOWED_MODELS = 100;
export const LONGEST_ALLOWED_MODEL = 200;

/** A list made ready to be asked for every call. */
export class AllowedModels {
  /** As they were written. */
  readonly entries: readonly string[];
  readonly #ids: ReadonlySet<string>;
  readonly #patterns: readonly string[];

  constructor(entries: readonly string[]) {
    this.entries = entries;
    const lower = entries.map((entry) => entry.toLowerCase());
    this.#ids = new Set(lower.filter((entry) => !isPattern(entry)));
    this.#patterns = lower.filter(isPattern);
  }

  holds(modelId: string): boolean {
    const id = modelId.toLowerCase();
    return this.#ids.has(id) || this.#patterns.some((pattern) => matchesPattern(pattern, id));
  }
}

export function isPattern(entry: string): boolean {
  return entry.includes("*");
}

/** Both in the same case. Linear in the length of the text, whatever the pattern: each part is taken where it comes first. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
}

/** Entries that hold none of these models. */
export function matchingNothing(entries: readonly string[], modelIds: readonly string[]): string[] {
  const ids = modelIds.map((id) => id.toLowerCase());
  const known = new Set(ids);
  return entries.filter((entry) => {
    const lower = entry.toLowerCase();
    return isPattern(lower) ? !ids.some((id) => matchesPattern(lower, id)) : !known.has(lower);
  });
}
