import { describe, expect, test } from "bun:test";
import { readPrice } from "./read-price.ts";

const TODAY = "2026-11-25";

describe("a price that changes", () => {
  const atNight = { input_mtok: 1, output_mtok: 2 };
  const byDay = { input_mtok: 3, output_mtok: 4, cache_read_mtok: 0.5 };
  const night = { start_time: "22:00:00+01:00", end_time: "04:30:00Z", type: "time_of_date" };

  test("by hours keeps both, the hours in UTC, and what the other one does not name is taken away", () => {
    expect(readPrice([{ prices: byDay }, { constraint: night, prices: atNight }], TODAY)).toMatchObject({
      prompt: 3e9,
      completion: 4e9,
      special: { cached: 5e8 },
      overrides: [{ hours: [21 * 60, 4 * 60 + 30], prompt: 1e9, completion: 2e9, special: { cached: null } }],
    });
  });

  test("by date is the one in force, and one of the future waits for its day", () => {
    const from = (start_date: string) => ({ start_date, type: "start_date" });
    const past = [{ prices: byDay }, { constraint: from("2026-11-25"), prices: atNight }];
    expect(readPrice(past, TODAY)).toEqual({ prompt: 1e9, completion: 2e9 });
    const future = [{ prices: atNight }, { constraint: from("2026-11-26"), prices: byDay }];
    expect(readPrice(future, TODAY)).toMatchObject({ prompt: 1e9, overrides: [{ from: "2026-11-26", prompt: 3e9 }] });
  });

  test("in a way that is not understood is no price", () => {
    const odd = { constraint: { weekday: "monday" }, prices: atNight };
    expect(readPrice([{ prices: byDay }, odd], TODAY)).toBeUndefined();
    const half = { constraint: night, prices: { input_mtok: 1, cache_read_mtok: 1, requests_kcount: 2 } };
    expect(readPrice([{ prices: byDay }, half], TODAY)).toBeUndefined();
  });
});
