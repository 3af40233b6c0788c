import { expect, test } from "bun:test";
import fc from "fast-check";
import { readPattern } from "./pattern.ts";

const SOURCES = [
  "^[a-z]+$",
  "^\\d{3}-\\d{4}$",
  "^(foo|bar)[0-9]{2,4}$",
  "^[^a]{3}$",
  "^https?://",
  "^\\w+@\\w+\\.com$",
  "a.c",
  "^#[0-9a-fA-F]{6}$",
  "(a|b)*c$",
  "^(?:a?b){2,}$",
  "[\\]x-]+",
  "^(?<year>\\d{4})$|^-$",
  "a|^b|c$",
  "^\\p{Lu}\\S*$",
  "()",
  "x{0}y",
];
const budget = () => ({ steps: 1_000_000 });

test("matching agrees with the engine on every text, also for parts of texts", () => {
  const text = fc.oneof(fc.string({ unit: fc.constantFrom(..."aabbcxy-0159@.#/\n]é😀A") }), fc.string());
  for (const source of SOURCES) {
    const [mine, engine] = [readPattern(source), new RegExp(source, "u")];
    fc.assert(
      fc.property(text, (one) => {
        expect([source, one, mine?.matches(one, budget())]).toEqual([source, one, engine.test(one)]);
      }),
    );
  }
});

test("the first text made for a pattern matches it, by the engine's judgement", () => {
  for (const source of SOURCES) {
    const [first] = readPattern(source)?.texts() ?? [];
    expect([source, first, new RegExp(source, "u").test(first ?? "none")]).toEqual([source, first, true]);
  }
});

test("a pattern that would keep the engine busy is answered, or given up when its steps are used up", () => {
  const text = `${"a".repeat(60)}!`;
  for (const source of ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a*)*b$", "(.*.*.*.*)*x$"]) {
    expect(readPattern(source)?.matches(text, budget())).toBe(false);
  }
  expect(() => readPattern("(a{1000}){1000}")?.matches("a".repeat(2000), { steps: 10_000 })).toThrow("too many steps");
});

test("what it does not understand it does not pretend to", () => {
  for (const source of [
    "(?=a)b",
    "(a)\\1",
    "\\bword",
    "(?<!x)y",
    "[a",
    "a**",
    "(",
    "\\u{61}",
    "(".repeat(50),
    "x".repeat(9999),
  ]) {
    expect([source, readPattern(source)]).toEqual([source, undefined]);
  }
});
