/**
 * A text that matches a regular expression, for schemas with `pattern`. Understands what people write there: literals,
 * classes, groups, alternatives and counts. Look-arounds and back-references give undefined.
 */

/** Counts above this make a text that nobody wants to read. */
const MAX_COUNT = 256;

/** The shortest sensible match, or undefined when the pattern says more than this understands. */
export function textMatching(pattern: string): string | undefined {
  const reader = new PatternReader(pattern);
  const text = reader.alternatives();
  return text === undefined || !reader.isAtEnd ? undefined : text;
}

class PatternReader {
  readonly #pattern: string;
  #position = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#pattern.length;
  }

  /** The first of `a|b|c`; the others are read and forgotten. */
  alternatives(): string | undefined {
    const first = this.#sequence();
    while (this.#take("|")) if (this.#sequence() === undefined) return undefined;
    return first;
  }

  #sequence(): string | undefined {
    let text = "";
    while (!this.isAtEnd && !"|)".includes(this.#next())) {
      if (this.#take("^") || this.#take("$")) continue;
      const piece = this.#piece();
      const count = this.#count();
      if (piece === undefined || count === undefined) return undefined;
      text += piece.repeat(count);
    }
    return text;
  }

  #piece(): string | undefined {
    if (this.#take("(")) return this.#group();
    if (this.#take("[")) return this.#class();
    if (this.#take("\\")) return this.#escape();
    if (this.#take(".")) return "a";
    const literal = this.#next();
    if ("*+?{".includes(literal)) return undefined;
    this.#position += literal.length;
    return literal;
  }

  #group(): string | undefined {
    if (this.#take("?") && !this.#take(":")) return undefined;
    const inner = this.alternatives();
    return this.#take(")") ? inner : undefined;
  }

  /** The first member of a class; for a negated one the first of a few that is not in it. */
  #class(): string | undefined {
    const end = this.#pattern.slice(this.#position).search(/(?<!\\)\]/);
    if (end < 1) return undefined;
    const body = this.#pattern.slice(this.#position, this.#position + end);
    this.#position += end + 1;
    try {
      const isMember = new RegExp(`^[${body}]$`, "u");
      return [..."aA0_- .:/@#", ...body].find((candidate) => isMember.test(candidate));
    } catch {
      return undefined;
    }
  }

  #escape(): string | undefined {
    const escaped = this.#next();
    this.#position += escaped.length;
    const classes: Record<string, string> = { d: "0", w: "a", s: " ", D: "a", W: "-", S: "a", n: "\n", t: "\t", b: "" };
    if (escaped in classes) return classes[escaped];
    return /[a-z0-9]/i.test(escaped) ? undefined : escaped;
  }

  #count(): number | undefined {
    const counted = /^(?:\{(\d+)(?:,\d*)?\}|([*?+]))\??/.exec(this.#pattern.slice(this.#position));
    if (!counted) return 1;
    this.#position += counted[0].length;
    if (counted[1] === undefined) return counted[2] === "+" ? 1 : 0;
    return Number(counted[1]) <= MAX_COUNT ? Number(counted[1]) : undefined;
  }

  #next(): string {
    return String.fromCodePoint(this.#pattern.codePointAt(this.#position) ?? 0);
  }

  #take(character: string): boolean {
    if (!this.#pattern.startsWith(character, this.#position)) return false;
    this.#position += character.length;
    return true;
  }
}
