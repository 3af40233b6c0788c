import { expect, test } from "bun:test";
import { heldMoney } from "../../../test/support/books.ts";
import { usageRow } from "../../../test/support/stored.ts";
import { MOST_OPEN_HOLDS, OpenHolds } from "./open-holds.ts";

const entry = (requestId: string, limitIds: readonly string[] = ["row"]) => ({
  money: heldMoney({ requestId, limitIds }),
  leased: null,
  draft: () => usageRow({ id: requestId }),
});

test("a hold ends once, and is known until its end is written", () => {
  const holds = new OpenHolds();
  expect([holds.isEmpty, holds.has("a")]).toEqual([true, false]);
  holds.add(entry("a"));
  expect([holds.isEmpty, holds.has("a")]).toEqual([false, true]);
  expect(holds.end("a")).toMatchObject({ isMarked: false, money: { requestId: "a" } });
  expect(holds.end("a")).toBeUndefined();
  expect([holds.isEmpty, holds.has("a")]).toEqual([false, true]);
  holds.ended("a");
  expect([holds.isEmpty, holds.has("a")]).toEqual([true, false]);
});

test("a mark is taken only of what a call costs more than at the last one, and its cost never falls", () => {
  const holds = new OpenHolds();
  holds.add(entry("a"));
  expect(holds.takeMarks()).toEqual([]);
  holds.progressed("a", 20n);
  holds.progressed("a", 15n);
  holds.progressed("unknown", 99n);
  expect(holds.takeMarks()).toMatchObject([{ costNano: 20n, hold: { requestId: "a" } }]);
  expect(holds.takeMarks()).toEqual([]);
  holds.progressed("a", 21n);
  expect(holds.takeMarks()).toMatchObject([{ costNano: 21n }]);
  expect(holds.end("a")).toMatchObject({ isMarked: true });
});

test("a call that stands in no limit is not marked", () => {
  const holds = new OpenHolds();
  holds.add(entry("free", []));
  holds.add(entry("a"));
  for (const id of ["free", "a"]) holds.progressed(id, 5n);
  expect(holds.takeMarks().map(({ hold }) => hold.requestId)).toEqual(["a"]);
  expect(holds.end("free")).toMatchObject({ isMarked: false });
});

test("no more calls are held than fit", () => {
  const holds = new OpenHolds();
  for (let count = 1; count < MOST_OPEN_HOLDS; count++) holds.add(entry(String(count)));
  expect(() => holds.refuseWhenFull()).not.toThrow();
  holds.add(entry("last"));
  expect(() => holds.refuseWhenFull()).toThrow("no more are taken");
});
