/** Texts and numbers for a schema, the plainest first. Candidates: each is checked by who asks for them. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import { readPattern } from "./pattern.ts";
import { UncheckableSchema } from "./schema-check.ts";

/** How many different values of one kind are on offer, for items that must be unique. */
const SERIES = 200;
const MAX_TEXT = 10_000;

const FORMATS: Record<string, (index: number) => string> = {
  "date-time": (index) => `2025-01-01T${clock(index)}Z`,
  date: (index) => `2025-01-${two((index % 28) + 1)}`,
  time: (index) => `${clock(index)}Z`,
  duration: (index) => `P${index + 1}D`,
  email: (index) => `somebody${index === 0 ? "" : index}@example.com`,
  hostname: (index) => `${index === 0 ? "" : `host${index}.`}example.com`,
  ipv4: (index) => `192.0.2.${index + 1}`,
  ipv6: (index) => `2001:db8::${index + 1}`,
  uri: (index) => `https://example.com/${index === 0 ? "" : index}`,
  uuid: (index) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
};

export function* textsFor(schema: JsonObject): Generator<string> {
  const shortest = bound(schema, "minLength") ?? 0;
  const longest = bound(schema, "maxLength") ?? Number.POSITIVE_INFINITY;
  if (shortest > MAX_TEXT) throw new UncheckableSchema(`it asks for more than ${MAX_TEXT} characters`);
  const format =
    typeof schema.format === "string" && Object.hasOwn(FORMATS, schema.format) ? FORMATS[schema.format] : undefined;
  if (format) for (let index = 0; index < SERIES; index++) yield format(index);
  if (typeof schema.pattern === "string") {
    const pattern = readPattern(schema.pattern);
    if (!pattern) throw new UncheckableSchema(`its pattern ${schema.pattern.slice(0, 80)} is beyond the sandbox`);
    for (const text of pattern.texts()) {
      yield text;
      // A pattern without an end may go on: as long as it must be.
      if (text.length < shortest) yield text.padEnd(shortest, text.at(-1) ?? "a");
    }
  }
  yield "text".slice(0, longest).padEnd(shortest, "x");
  for (let index = 1; index < SERIES; index++) {
    const number = String(index);
    const words = "text".padEnd(shortest - number.length, "x").slice(0, Math.max(0, longest - number.length));
    yield `${words}${number}`.slice(0, longest);
  }
  // For texts of one character.
  yield* "abcdefghijklmnopqrstuvwxyz";
}

export function* numbersFor(schema: JsonObject, isWhole: boolean): Generator<number> {
  const lowest = Math.max(
    bound(schema, "minimum") ?? Number.NEGATIVE_INFINITY,
    bound(schema, "exclusiveMinimum") ?? Number.NEGATIVE_INFINITY,
  );
  const highest = Math.min(
    bound(schema, "maximum") ?? Number.POSITIVE_INFINITY,
    bound(schema, "exclusiveMaximum") ?? Number.POSITIVE_INFINITY,
  );
  const multiple = bound(schema, "multipleOf");
  const step = multiple === undefined ? 1 : isWhole ? wholeStep(multiple) : multiple;
  const isRising = Number.isFinite(lowest) || !Number.isFinite(highest);
  const from = Number.isFinite(lowest)
    ? Math.ceil(lowest / step)
    : Number.isFinite(highest)
      ? Math.floor(highest / step)
      : 1;
  for (let index = 0; index < SERIES; index++) yield plain((from + (isRising ? index : -index)) * step);
  if (isWhole || multiple !== undefined) return;
  if (Number.isFinite(lowest)) yield plain(lowest);
  if (!Number.isFinite(lowest) || !Number.isFinite(highest)) return;
  for (let index = 1; index < SERIES; index++) yield plain(lowest + ((highest - lowest) * index) / SERIES);
}

/** The smallest whole multiple of a decimal step: 1 for 0.5, 5 for 2.5. */
function wholeStep(step: number): number {
  for (let times = 1; times <= 1000; times++) if (Number.isInteger(step * times)) return step * times;
  return step;
}

/** No negative zero, and no binary dust such as 0.30000000000000004. */
function plain(value: number): number {
  const tidy = Number(value.toPrecision(15));
  return tidy === 0 ? 0 : tidy;
}

function bound(schema: JsonObject, name: string): number | undefined {
  const value: JsonValue | undefined = schema[name];
  return typeof value === "number" ? value : undefined;
}

function clock(index: number): string {
  return `00:${two(Math.floor(index / 60))}:${two(index % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
