/**
 * The single changes that a source file can suffer, found in its syntax tree. Pure: text in, changes out.
 *
 * Types are left alone, because nothing runs them. A change that is the same as another is made once: a condition that
 * is a comparison is turned by its operator.
 */
import { parseAst } from "vite";

export interface Mutant {
  file: string;
  line: number;
  start: number;
  end: number;
  before: string;
  after: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  fields: Readonly<Record<string, unknown>>;
}

interface Change {
  start: number;
  end: number;
  after: string;
}

const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
  "+=": "-=",
  "-=": "+=",
  "++": "--",
  "--": "++",
};
/** What TypeScript wraps around values; everything else of its own is a type. */
const TRANSPARENT = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);
const SKIPPED = new Set(["ImportDeclaration"]);

export function mutantsOf(file: string, text: string): Mutant[] {
  const program = nodeOf(parseAst(text, { lang: "ts" }));
  if (!program) throw new Error(`${file} could not be read`);
  const changes: Change[] = [];
  walk(program, (node) => changes.push(...changesAt(node, text)));
  return changes
    .sort((one, other) => one.start - other.start || one.end - other.end)
    .map(({ start, end, after }) => ({
      file,
      line: text.slice(0, start).split("\n").length,
      start,
      end,
      before: text.slice(start, end),
      after,
    }));
}

export function applied({ start, end, after }: Mutant, text: string): string {
  return text.slice(0, start) + after + text.slice(end);
}

function walk(node: Node, visit: (node: Node) => void): void {
  if (SKIPPED.has(node.type) || (node.type.startsWith("TS") && !TRANSPARENT.has(node.type))) return;
  visit(node);
  for (const value of Object.values(node.fields)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      const child = nodeOf(each);
      if (child) walk(child, visit);
    }
  }
}

function nodeOf(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { type, start, end } = fields;
  if (typeof type !== "string" || typeof start !== "number" || typeof end !== "number") return undefined;
  return { type, start, end, fields };
}

function changesAt(node: Node, text: string): Change[] {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression":
      return swapped(node, text);
    case "UpdateExpression":
    case "UnaryExpression":
      return unary(node, text);
    case "Literal":
      return literal(node, text);
    case "IfStatement":
      return [...negated(node, text), ...withoutReturn(node)];
    case "ConditionalExpression":
    case "WhileStatement":
      return negated(node, text);
    case "ExpressionStatement":
      return withoutCall(node);
    default:
      return [];
  }
}

function swapped({ fields }: Node, text: string): Change[] {
  const { operator } = fields;
  const left = nodeOf(fields.left);
  const after = typeof operator === "string" ? SWAPPED[operator] : undefined;
  if (typeof operator !== "string" || after === undefined || !left) return [];
  const start = text.indexOf(operator, left.end);
  return [{ start, end: start + operator.length, after }];
}

function unary({ start, end, fields }: Node, text: string): Change[] {
  const { operator } = fields;
  if (operator === "!" || operator === "-") return [{ start, end: start + 1, after: "" }];
  const after = typeof operator === "string" ? SWAPPED[operator] : undefined;
  if (typeof operator !== "string" || after === undefined) return [];
  const at = fields.prefix === true ? start : text.lastIndexOf(operator, end - 1);
  return [{ start: at, end: at + operator.length, after }];
}

function literal({ start, end, fields }: Node, text: string): Change[] {
  const { value } = fields;
  const raw = text.slice(start, end).replaceAll("_", "");
  if (typeof value === "boolean") return [{ start, end, after: String(!value) }];
  if (typeof value === "number") return [{ start, end, after: String(value + 1) }];
  return /^\d+n$/.test(raw) ? [{ start, end, after: `${BigInt(raw.slice(0, -1)) + 1n}n` }] : [];
}

/** The condition turned round. One that its own operator turns round as well is left to that. */
function negated({ fields }: Node, text: string): Change[] {
  const test = nodeOf(fields.test);
  if (!test || ["===", "!==", "!"].some((operator) => test.fields.operator === operator)) return [];
  return [{ start: test.start, end: test.end, after: `!(${text.slice(test.start, test.end)})` }];
}

/** `if (…) return …` goes on instead. */
function withoutReturn({ fields }: Node): Change[] {
  const branch = nodeOf(fields.consequent);
  const body = Array.isArray(branch?.fields.body) ? branch.fields.body : [fields.consequent];
  const last = nodeOf(body.at(-1));
  return last?.type === "ReturnStatement" ? [{ start: last.start, end: last.end, after: ";" }] : [];
}

function withoutCall({ start, end, fields }: Node): Change[] {
  let inner = nodeOf(fields.expression);
  while (inner?.type === "AwaitExpression" || inner?.type === "YieldExpression") inner = nodeOf(inner.fields.argument);
  return inner?.type === "CallExpression" ? [{ start, end, after: ";" }] : [];
}
