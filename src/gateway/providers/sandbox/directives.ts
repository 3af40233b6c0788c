/**
 * What a caller may ask the sandbox to do: `[sandbox: name=value …]` in the last user message, or an object `sandbox` at
 * the top of the body. Both are read by one strict schema, so that a typing error is told and never ignored.
 */
import { z } from "zod";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import { SandboxRefusal } from "./refusal.ts";

const MAX_WAIT_MS = 60_000;
const MAX_CHUNKS = 100_000;
const MAX_TEXT_CHARACTERS = 100_000;

function wholeNumber(from: number, to: number) {
  const number = z.union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]);
  return number.pipe(z.int().min(from).max(to)).optional().describe(`a whole number from ${from} to ${to}`);
}

function duration() {
  const written = z.string().regex(/^\d{1,9}(?:\.\d{1,3})?(?:ms|s)?$/);
  const inMs = written.transform((text) => Number.parseFloat(text) * (/\ds$/.test(text) ? 1000 : 1));
  const number = z.union([z.number(), inMs]).pipe(z.number().min(0).max(MAX_WAIT_MS));
  return number.optional().describe("a duration up to 60s, such as 500ms or 2s (a bare number is milliseconds)");
}

function text(maxCharacters: number, example: string) {
  const said = `text of at most ${maxCharacters} characters, such as ${example}`;
  return z.string().max(maxCharacters).optional().describe(said);
}

const fields = {
  status: wholeNumber(400, 599),
  retry_after: wholeNumber(1, 60),
  message: text(300, '"out of order"'),
  delay: duration(),
  first_token: duration(),
  token_delay: duration(),
  chunks: wholeNumber(1, MAX_CHUNKS),
  break_after: wholeNumber(0, MAX_CHUNKS),
  finish: z.enum(["stop", "length", "content_filter"]).optional().describe("stop, length or content_filter"),
  tool: text(1000, "get_weather, or several with commas between"),
  text: text(MAX_TEXT_CHARACTERS, '"Hello"'),
};
const schema = z.strictObject(fields);

/** Durations are milliseconds, `retry_after` is seconds. */
export type Directives = z.infer<typeof schema>;

/** The names of all directives, in the order of the documentation. */
export const directiveNames: readonly string[] = Object.keys(fields);

/** How text directives begin; any case. */
const OPENING = "[sandbox:";
/** One `name=value`, the value bare or in double quotes with backslash escapes. */
const PAIR = /\s*([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^\s"\]]+))/iy;
const CLOSING = /\s*\]/y;

/**
 * The directives of a request, and the user's text without them. Where both places name the same one, the message
 * wins. Throws SandboxRefusal.
 */
export function readDirectives(
  field: JsonValue | undefined,
  userText: string,
): { directives: Directives; rest: string } {
  const { given, rest } = takeFromText(userText);
  const fromField = field === undefined || field === null ? {} : check(field);
  const directives = { ...fromField, ...check(given) };
  if (directives.status === undefined && (directives.retry_after ?? directives.message) !== undefined) {
    throw new SandboxRefusal(
      "The sandbox directives retry_after and message belong to an error: add status, such as status=429.",
      "sandbox",
    );
  }
  return { directives, rest };
}

function takeFromText(userText: string): { given: JsonObject; rest: string } {
  const lower = userText.toLowerCase();
  const given = new Map<string, string>();
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const opening = lower.indexOf(OPENING, from);
    if (opening === -1) break;
    kept.push(userText.slice(from, opening));
    from = takeBlock(userText, opening, given);
  }
  if (kept.length === 0) return { given: {}, rest: userText };
  kept.push(userText.slice(from));
  return { given: Object.fromEntries(given), rest: kept.join("").trim() };
}

/** Reads the block that begins at `opening` into `given`; returns the offset behind it. */
function takeBlock(userText: string, opening: number, given: Map<string, string>): number {
  let position = opening + OPENING.length;
  for (let count = 0; ; count++) {
    CLOSING.lastIndex = position;
    if (count > 0 && CLOSING.test(userText)) return CLOSING.lastIndex;
    PAIR.lastIndex = position;
    const pair = PAIR.exec(userText);
    if (!pair) {
      const excerpt = userText.slice(opening, opening + 60).replace(/\s+/g, " ");
      throw new SandboxRefusal(
        `This sandbox directive cannot be read: ${excerpt} Write ${OPENING} name=value name="some text"]. ${known()}`,
        "sandbox",
      );
    }
    const [, name = "", quoted, bare = ""] = pair;
    const key = name.toLowerCase();
    if (given.has(key))
      throw new SandboxRefusal(`The sandbox directive ${key} stands twice in the message.`, "sandbox");
    given.set(key, quoted === undefined ? bare : unescaped(quoted));
    position = PAIR.lastIndex;
  }
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\([\s\S])/g, (_, character: string) => (character === "n" ? "\n" : character));
}

function check(given: JsonValue): Directives {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue?.code === "unrecognized_keys") {
    throw new SandboxRefusal(`There is no sandbox directive ${shortened(issue.keys[0] ?? "")}. ${known()}`, "sandbox");
  }
  const name = String(issue?.path[0] ?? "");
  if (name === "") throw new SandboxRefusal(`"sandbox" must be an object of directives. ${known()}`, "sandbox");
  const accepts = Object.entries(fields).find(([field]) => field === name)?.[1].description;
  throw new SandboxRefusal(`The sandbox directive ${name} must be ${accepts}.`, `sandbox.${name}`);
}

function known(): string {
  return `Directives: ${directiveNames.join(", ")}.`;
}

function shortened(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
