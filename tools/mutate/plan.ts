/** Which files are mutated when nobody names any, and which tests have to notice. */

const LEDGER = "src/storage/ledger";
const POLICY = "src/gateway/policy";

export const DECIDING_FILES: readonly string[] = [
  ...[
    "books",
    "reserve",
    "settle",
    "lease-pool",
    "limits",
    "make-limits",
    "recovery",
    "open-holds",
    "credits",
    "once",
  ].map((name) => `${LEDGER}/${name}.ts`),
  ...["budget/budget", "budget/hold-plan", "budget/refusal"].map((name) => `${POLICY}/${name}.ts`),
  ...["rate-limits", "gate", "minute-window", "refusals"].map((name) => `${POLICY}/rate-limit/${name}.ts`),
];

/** One run of tests; the next follows only where it noticed nothing, so those come first that are quick and see much. */
export type TestRun = readonly string[];

const LEDGER_RUNS: readonly TestRun[] = [
  ledgerTests("reserve", "settle", "lease-pool", "open-holds"),
  ["./test/races/model.test.ts"],
  ledgerTests("ledger", "recovery", "credits"),
];
const ABOUT_WINDOWS = new Set([`${LEDGER}/limits.ts`, `${LEDGER}/make-limits.ts`]);

function ledgerTests(...names: readonly string[]): TestRun {
  return names.map((name) => `./${LEDGER}/${name}.test.ts`);
}

export function testsFor(file: string): readonly TestRun[] {
  if (ABOUT_WINDOWS.has(file)) return [...LEDGER_RUNS, ledgerTests("windows")];
  if (file.startsWith(`${LEDGER}/`)) return LEDGER_RUNS;
  return [[`./${file.slice(0, file.lastIndexOf("/"))}/`]];
}

/** The same choice for the same seed, whatever else is in the list before or after. */
export function sampled<Item>(
  items: readonly Item[],
  { sample, seed, name }: { sample: number; seed: number; name(item: Item): string },
): Item[] {
  return items
    .map((item) => ({ item, place: Bun.hash(`${seed}:${name(item)}`) }))
    .sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0))
    .slice(0, sample)
    .map(({ item }) => item);
}
