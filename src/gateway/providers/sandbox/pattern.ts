/**
 * Regular expressions as schemas use them, made and matched without the engine's own search, which a hostile pattern can
 * keep busy for seconds. Understands literals, classes, groups, alternatives, counts and anchors; look-arounds,
 * back-references and word boundaries are beyond it.
 */
import { type PatternNode, parsePattern } from "./pattern-parser.ts";

export interface Pattern {
  /** True when some part of `text` matches. Takes its steps from `budget`; throws PatternTooLarge when it is used up. */
  matches(text: string, budget: PatternBudget): boolean;
  /** Texts that should match, the shortest first; each is worth checking, because anchors may stand anywhere. */
  texts(): Generator<string>;
}

export class PatternTooLarge extends Error {
  override readonly name = "PatternTooLarge";
}

/** Positions that may still be looked at. */
export interface PatternBudget {
  steps: number;
}

/** How much longer than the shortest match a text is tried, and in how many variants. */
const MAX_EXTRA = 64;
const VARIANTS = 10;
const MAX_TEXT = 2000;

/** The pattern, or undefined when it says more than this understands. */
export function readPattern(source: string): Pattern | undefined {
  const node = parsePattern(source);
  if (!node) return undefined;
  return { matches: (text, budget) => new Matcher(text, budget).matches(node), texts: () => texts(node) };
}

/** Follows all ways through the pattern at once, so that its time grows with the text and never explodes. */
class Matcher {
  readonly #characters: readonly string[];
  readonly #budget: PatternBudget;

  constructor(text: string, budget: PatternBudget) {
    this.#characters = [...text];
    this.#budget = budget;
  }

  matches(node: PatternNode): boolean {
    const anywhere = new Set(Array.from({ length: this.#characters.length + 1 }, (_, position) => position));
    return this.#after(node, anywhere).size > 0;
  }

  /** The positions that can be reached from `from` by what `node` matches. */
  #after(node: PatternNode, from: ReadonlySet<number>): ReadonlySet<number> {
    this.#budget.steps -= from.size + 1;
    if (this.#budget.steps < 0) throw new PatternTooLarge("its patterns take too many steps");
    switch (node.kind) {
      case "start":
        return new Set(from.has(0) ? [0] : []);
      case "end":
        return new Set(from.has(this.#characters.length) ? [this.#characters.length] : []);
      case "character":
        return new Set([...from].filter((at) => this.#has(node, at)).map((at) => at + 1));
      case "sequence":
        return node.nodes.reduce((reached, one) => this.#after(one, reached), from);
      case "choice":
        return new Set(node.options.flatMap((option) => [...this.#after(option, from)]));
      case "repeat":
        return this.#repeated(node, from);
    }
  }

  #has(node: Extract<PatternNode, { kind: "character" }>, at: number): boolean {
    const character = this.#characters[at];
    return character !== undefined && node.has(character);
  }

  #repeated(node: Extract<PatternNode, { kind: "repeat" }>, from: ReadonlySet<number>): ReadonlySet<number> {
    const reached = new Set(node.min === 0 ? from : []);
    let current = from;
    for (let count = 1; count <= node.max && current.size > 0; count++) {
      const next = this.#after(node.node, current);
      if (count < node.min) {
        current = next;
        continue;
      }
      current = new Set([...next].filter((at) => !reached.has(at)));
      for (const at of current) reached.add(at);
    }
    return reached;
  }
}

function* texts(node: PatternNode): Generator<string> {
  for (let extra = 0; extra <= MAX_EXTRA; extra++) {
    for (let variant = 0; variant < VARIANTS; variant++) {
      const text = textOf(node, { extra, variant, left: { characters: MAX_TEXT } });
      if (text !== undefined) yield text;
    }
  }
}

interface Making {
  /** Repetitions beyond the least. */
  extra: number;
  variant: number;
  left: { characters: number };
}

/** Undefined when the text would become too long. */
function textOf(node: PatternNode, making: Making): string | undefined {
  switch (node.kind) {
    case "start":
    case "end":
      return "";
    case "character":
      return --making.left.characters < 0 ? undefined : node.samples[making.variant % node.samples.length];
    case "sequence":
      return joined(node.nodes, making);
    case "choice": {
      const option = node.options[making.variant % node.options.length];
      return option && textOf(option, making);
    }
    case "repeat": {
      const count = Math.min(node.min + making.extra, node.max);
      return count > MAX_TEXT ? undefined : joined(new Array<PatternNode>(count).fill(node.node), making);
    }
  }
}

function joined(nodes: readonly PatternNode[], making: Making): string | undefined {
  let text = "";
  for (const node of nodes) {
    if (--making.left.characters < -MAX_TEXT) return undefined;
    const piece = textOf(node, making);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}
