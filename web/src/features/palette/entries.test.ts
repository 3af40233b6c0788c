import { expect, test } from "bun:test";
import { KeyRound } from "lucide-react";
import { moved, narrowed, type PaletteEntry } from "./entries.ts";

function entry(label: string, more: Partial<PaletteEntry> = {}): PaletteEntry {
  return { id: label, label, icon: KeyRound, run: () => {}, ...more };
}

const groups = [
  { label: "Pages", entries: [entry("API Keys"), entry("API reference", { words: "documentation" })] },
  { label: "Keys", entries: [entry("Café Señor", { hint: "gpr_Ab3dE5g7...x9Z" })] },
];
const found = (typed: string) =>
  narrowed(groups, typed).map(({ label, entries }) => [label, ...entries.map(({ id }) => id)]);

test("nothing typed leaves everything there", () => {
  expect(found("  ")).toEqual([
    ["Pages", "API Keys", "API reference"],
    ["Keys", "Café Señor"],
  ]);
});

test("each word may stand anywhere in an entry, in any order, without its accents and capitals", () => {
  expect(found("key ap")).toEqual([["Pages", "API Keys"]]);
  expect(found("SENOR cafe")).toEqual([["Keys", "Café Señor"]]);
  expect(found("señ")).toEqual([["Keys", "Café Señor"]]);
  expect(found("api coffee")).toEqual([]);
});

test("an entry is found by what stands beside it, and by another word for it", () => {
  expect(found("ab3de5")).toEqual([["Keys", "Café Señor"]]);
  expect(found("document")).toEqual([["Pages", "API reference"]]);
});

test("the keyboard goes around the ends of the list, and leaves other keys to the field", () => {
  expect(moved(3, 2, "ArrowDown")).toBe(0);
  expect(moved(3, 0, "ArrowUp")).toBe(2);
  expect(moved(3, 1, "Home")).toBe(0);
  expect(moved(3, 1, "End")).toBe(2);
  expect(moved(3, 1, "a")).toBeUndefined();
  expect(moved(0, 0, "ArrowDown")).toBeUndefined();
});
