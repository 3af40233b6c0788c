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
  readonly #patterns: readonly (readonly string[])[];

  constructor(entries: readonly string[]) {
    this.entries = entries;
    const lower = entries.map((entry) => entry.toLowerCase());
    this.#ids = new Set(lower.filter((entry) => !isPattern(entry)));
    this.#patterns = lower.filter(isPattern).map(partsOf);
  }

  holds(modelId: string): boolean {
    const id = modelId.toLowerCase();
    return this.#ids.has(id) || this.#patterns.some((parts) => fits(parts, id));
  }
}

export function isPattern(entry: string): boolean {
  return entry.includes("*");
}

/** Both in the same case. */
export function matchesPattern(pattern: string, text: string): boolean {
  return fits(partsOf(pattern), text);
}

/** What stands before, between and behind the stars. */
function partsOf(pattern: string): string[] {
  return pattern.split("*");
}

/** Linear in the length of the text, whatever the pattern: each part is taken where it comes first. */
function fits(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length < 2) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] ?? "";
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
