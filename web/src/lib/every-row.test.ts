import { expect, test } from "bun:test";
import { everyRow, MOST_ROWS } from "./every-row.ts";

test("a list is read to its last page, and says how far it has come", async () => {
  const pages: Record<string, { rows: number[]; nextCursor: string | null }> = {
    first: { rows: [1, 2], nextCursor: "a" },
    a: { rows: [3], nextCursor: "b" },
    b: { rows: [], nextCursor: null },
  };
  const counts: number[] = [];
  const rows = await everyRow(
    async (cursor = "first") => pages[cursor] ?? { rows: [], nextCursor: null },
    (count) => counts.push(count),
  );
  expect([rows, counts]).toEqual([
    [1, 2, 3],
    [2, 3, 3],
  ]);
});

test("a list without an end is given up rather than cut off in silence", async () => {
  const page = Array.from({ length: MOST_ROWS / 10 }, (_, index) => index);
  const rows = await everyRow(
    async () => ({ rows: page, nextCursor: "more" }),
    () => {},
  );
  expect(rows).toBe(null);
});
