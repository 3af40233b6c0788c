/** Reads the source of a regular expression into a tree. */

export type PatternNode =
  | { kind: "start" }
  | { kind: "end" }
  /** `samples` are members, at least one, the plainest first. */
  | { kind: "character"; has(character: string): boolean; samples: readonly string[] }
  | { kind: "sequence"; nodes: readonly PatternNode[] }
  | { kind: "choice"; options: readonly PatternNode[] }
  | { kind: "repeat"; node: PatternNode; min: number; max: number };

const MAX_SOURCE = 2000;
const MAX_DEPTH = 30;
/** Where the members of a class are looked for, besides in the class itself. */
const LIKELY = [..."aA0_- .:/@#bcdefxyzBCDEFXYZ123456789é\n\t"];

/** Undefined for what is no regular expression, or for one that says more than the nodes can. */
export function parsePattern(source: string): PatternNode | undefined {
  if (source.length > MAX_SOURCE) return undefined;
  const parser = new PatternParser(source);
  const node = parser.choice(0);
  return parser.isAtEnd ? node : undefined;
}

class PatternParser {
  readonly #source: string;
  #position = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#source.length;
  }

  /** `a|b|c` */
  choice(depth: number): PatternNode | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const options: PatternNode[] = [];
    do {
      const option = this.#sequence(depth);
      if (!option) return undefined;
      options.push(option);
    } while (this.#take("|"));
    return options.length === 1 ? options[0] : { kind: "choice", options };
  }

  #sequence(depth: number): PatternNode | undefined {
    const nodes: PatternNode[] = [];
    while (!this.isAtEnd && !"|)".includes(this.#peek())) {
      const atom = this.#atom(depth);
      const node = atom && this.#counted(atom);
      if (!node) return undefined;
      nodes.push(node);
    }
    return { kind: "sequence", nodes };
  }

  #atom(depth: number): PatternNode | undefined {
    if (this.#take("^")) return { kind: "start" };
    if (this.#take("$")) return { kind: "end" };
    if (this.#take("(")) return this.#group(depth);
    const character = this.#peek();
    if (character === "[" || character === "\\" || character === ".") return this.#oneOf();
    if ("*+?{}]".includes(character)) return undefined;
    this.#position += character.length;
    return { kind: "character", has: (other) => other === character, samples: [character] };
  }

  #group(depth: number): PatternNode | undefined {
    const opening = /^\?(?::|<[A-Za-z_]\w*>)/.exec(this.#source.slice(this.#position, this.#position + 80));
    if (opening) this.#position += opening[0].length;
    else if (this.#peek() === "?") return undefined;
    const inner = this.choice(depth + 1);
    return this.#take(")") ? inner : undefined;
  }

  /** A class, an escape or the dot; the engine is asked about one character at a time, which is always quick. */
  #oneOf(): PatternNode | undefined {
    const written =
      /^(?:\.|\[(?:[^\]\\]|\\[\s\S])*\]|\\[pP]\{\w+(?:=\w+)?\}|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[^bB1-9kcux])/u.exec(
        this.#source.slice(this.#position),
      )?.[0];
    const test = written === undefined ? undefined : compiled(written);
    if (written === undefined || !test) return undefined;
    this.#position += written.length;
    const has = (character: string) => test.test(character);
    const samples = [...new Set([...LIKELY, ...written])].filter(has);
    return samples.length === 0 ? undefined : { kind: "character", has, samples };
  }

  #counted(node: PatternNode): PatternNode | undefined {
    const written = /^(?:\{(\d{1,9})(,?)(\d{0,9})\}|[*+?])\??/.exec(
      this.#source.slice(this.#position, this.#position + 30),
    );
    if (!written) return node;
    this.#position += written[0].length;
    const [text, least, comma, most] = written;
    if (least === undefined) {
      return {
        kind: "repeat",
        node,
        min: text.startsWith("+") ? 1 : 0,
        max: text.startsWith("?") ? 1 : Number.POSITIVE_INFINITY,
      };
    }
    const min = Number(least);
    const max = comma === "" ? min : most === "" ? Number.POSITIVE_INFINITY : Number(most);
    return max < min ? undefined : { kind: "repeat", node, min, max };
  }

  #peek(): string {
    return String.fromCodePoint(this.#source.codePointAt(this.#position) ?? 0);
  }

  #take(character: string): boolean {
    if (!this.#source.startsWith(character, this.#position)) return false;
    this.#position += character.length;
    return true;
  }
}

/** With the rules for Unicode where they allow what is written, else with the older ones. */
function compiled(oneCharacter: string): RegExp | undefined {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(`^${oneCharacter}$`, flags);
    } catch {
      // Not allowed under these rules.
    }
  }
  return undefined;
}
