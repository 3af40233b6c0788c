import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NANO_PER_USD, parseUsd, usdString } from "../../../src/kernel/money.ts";
import { formatAgo, formatDay, formatDuration, pricePerMillion, sumUsd } from "./format.ts";

describe("money", () => {
  test("is added exactly, whatever the amounts", () => {
    const nano = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(fc.array(nano, { maxLength: 40 }), (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0n);
        expect(sumUsd(amounts.map(usdString))).toBe(usdString(total));
      }),
    );
  });
});

describe("a price per million tokens", () => {
  test("is the price per token times a million, exactly", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: NANO_PER_USD }), (nano) => {
        const shown = pricePerMillion(usdString(nano));
        expect(parseUsd(shown ?? "")).toBe(nano * 1_000_000n);
      }),
    );
    expect(pricePerMillion("0.0000000375")).toBe("0.0375");
  });

  test("is free only at zero; an unknown price stays unknown", () => {
    expect(pricePerMillion("0")).toBe("0");
    expect(pricePerMillion("-1")).toBeNull();
    expect(pricePerMillion("?")).toBeNull();
  });
});

describe("times", () => {
  const nowMs = Date.UTC(2026, 2, 7, 12);
  test("are told from now in the reader's language", () => {
    expect(formatAgo(nowMs - 3 * 60_000, nowMs, "en")).toBe("3 minutes ago");
    expect(formatAgo(nowMs - 3 * 60_000, nowMs, "id")).toBe("3 menit yang lalu");
    expect(formatAgo(nowMs - 1000, nowMs, "en")).toBe("now");
    expect(formatAgo(nowMs - 400 * 86_400_000, nowMs, "en")).toBe("last year");
  });

  test("a day of the API stays that day in every time zone", () => {
    expect(formatDay("2026-03-07", "en")).toBe("Mar 7");
    expect(formatDay("2026-03-07", "id")).toBe("7 Mar");
  });

  test("durations change their unit at a second", () => {
    expect(formatDuration(320.4, "en")).toBe("320 ms");
    expect(formatDuration(1240, "en")).toBe("1.24 sec");
  });
});
