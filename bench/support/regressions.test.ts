import { expect, test } from "bun:test";
import { recordedRuns } from "./history.ts";
import { type Recorded, regressions } from "./regressions.ts";

function recorded(commit: string, ratios: Record<string, number>, more: Partial<Recorded> = {}): Recorded {
  return {
    commit,
    machine: "2 × one",
    method: 1,
    ratios: new Map(Object.entries(ratios)),
    accepted: new Set(),
    ...more,
  };
}

test("a governed request that costs more over the bare proxy than at the last recorded commit is told", () => {
  const before = recorded("a", { governed_over_bun: 5 });
  expect(regressions([before, recorded("b", { governed_over_bun: 6.1 })])).toEqual([
    "governed_over_bun went from 5 (a) to 6.1 (b).",
  ]);
  expect(regressions([before, recorded("b", { governed_over_bun: 5.9 })])).toEqual([]);
});

test("a run on another machine does not count, nor one measured otherwise or without the figure: the last one before it does", () => {
  const runs = [
    recorded("a", { governed_over_bun: 5 }),
    recorded("b", { keys_growth: 1 }),
    recorded("c", { governed_over_bun: 2 }, { machine: "8 × another" }),
    recorded("d", { governed_over_bun: 2 }, { method: 2 }),
  ];
  expect(regressions([...runs, recorded("e", { governed_over_bun: 5.5 })])).toEqual([]);
  expect(regressions([...runs, recorded("e", { governed_over_bun: 7 })])).toHaveLength(1);
});

test("a cost that grows with the instance is told on any machine", () => {
  const run = recorded("a", { keys_growth: 1.4, rows_growth: 1.1 }, { machine: "8 × another" });
  expect(regressions([run])).toEqual(["keys_growth is 1.4 (a)."]);
});

test("what has a reason beside it is not told", () => {
  const accepted = new Set(["governed_over_bun", "keys_growth"]);
  const after = recorded("b", { governed_over_bun: 9, keys_growth: 2 }, { accepted });
  expect(regressions([recorded("a", { governed_over_bun: 5 }), after])).toEqual([]);
});

test("the recorded history holds no regression without a reason", () => {
  expect(regressions(recordedRuns())).toEqual([]);
});
