import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EQUIVALENTS, isEquivalent } from "./equivalents.ts";
import { applied, mutantsOf } from "./mutants.ts";
import { sampled } from "./plan.ts";

const mutated = (text: string) => mutantsOf("a.ts", text).map((mutant) => applied(mutant, text));

test("comparisons, arithmetic, logic, booleans and numbers are changed one at a time", () => {
  expect(mutated("f(a < b)")).toEqual([";", "f(a <= b)"]);
  expect(mutated("x = a + 1")).toEqual(["x = a - 1", "x = a + 2"]);
  expect(mutated("x = a && true")).toEqual(["x = a || true", "x = a && false"]);
  expect(mutated("x = 4_096n")).toEqual(["x = 4097n"]);
  expect(mutated("x += -y")).toEqual(["x -= -y", "x += y"]);
  expect(mutated("x++")).toEqual(["x--"]);
});

test("a condition is turned round, and a return out of it left out", () => {
  const source = "function f() { if (a < b) return; }";
  expect(mutated(source)).toContain("function f() { if (!(a < b)) return; }");
  expect(mutated(source)).toContain("function f() { if (a < b) ; }");
  expect(mutated("x = !a ? b : c")).toEqual(["x = a ? b : c"]);
});

test("types and imports are left alone, and a mutant says in which line it is", () => {
  expect(mutated('import a from "a";\ntype A = 1 | true;\ninterface B { c: false }')).toEqual([]);
  const [first] = mutantsOf("a.ts", "const a: 1 | 2 =\n  1;");
  expect(first).toMatchObject({ line: 2, before: "1", after: "2" });
});

test("a seed chooses the same mutants each time, and another seed others", () => {
  const items = Array.from({ length: 100 }, (_, index) => String(index));
  const of = (seed: number) => sampled(items, { sample: 10, seed, name: (item) => item });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
  expect(new Set(of(1)).size).toBe(10);
});

test("a mutant that is named as making no difference is one that the code still has", () => {
  for (const known of EQUIVALENTS) {
    const text = readFileSync(join(import.meta.dir, "..", "..", known.file), "utf8");
    const named = mutantsOf(known.file, text).filter((mutant) => isEquivalent(mutant, text));
    expect(named.map(({ before, after }) => [before, after])).toContainEqual([known.before, known.after]);
  }
});
