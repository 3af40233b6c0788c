import { expect, test } from "bun:test";
import { DAY_MS, windowOf, windowStarts } from "./windows.ts";

const day = (year: number, month: number, date: number) => Date.UTC(year, month, date) / DAY_MS;

test("a week begins on Monday and a month on its first, in UTC", () => {
  const sunday = Date.UTC(2026, 10, 29, 23, 59);
  expect(windowStarts(sunday)).toEqual({
    today: day(2026, 10, 29),
    week: day(2026, 10, 23),
    month: day(2026, 10, 1),
  });
  const monday = Date.UTC(2026, 10, 30);
  expect(windowStarts(monday)).toEqual({
    today: day(2026, 10, 30),
    week: day(2026, 10, 30),
    month: day(2026, 10, 1),
  });
  expect(windowStarts(Date.UTC(1970, 0, 1))).toEqual({ today: 0, week: -3, month: 0 });
});

test("each window ends where the next one of its kind begins", () => {
  for (const time of [Date.UTC(2026, 11, 31, 23, 59, 59, 999), Date.UTC(2028, 1, 29, 12), Date.UTC(2027, 0, 3)]) {
    for (const reset of ["daily", "weekly", "monthly"] as const) {
      const { firstDay, endsAtMs } = windowOf(reset, time);
      expect([reset, windowOf(reset, (endsAtMs ?? 0) - 1).firstDay]).toEqual([reset, firstDay]);
      expect([reset, windowOf(reset, endsAtMs ?? 0).firstDay]).toEqual([reset, (endsAtMs ?? 0) / DAY_MS]);
    }
  }
});

test("a limit without a reset has one window, which never ends", () => {
  expect(windowOf(null, Date.UTC(2026, 10, 24))).toEqual({ firstDay: null, endsAtMs: null });
});
