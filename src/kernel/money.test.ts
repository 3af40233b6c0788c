import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseUsd, usdNumber, usdString } from "./money.ts";

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("money", () => {
  test("every 64-bit amount survives being written and read", () => {
    fc.assert(fc.property(int64, (nano) => parseUsd(usdString(nano)) === nano));
  });

  test("an amount is written without an exponent, without needless zeros and with one sign", () => {
    fc.assert(fc.property(int64, (nano) => /^-?(?:0|[1-9]\d*)(?:\.\d{0,8}[1-9])?$/.test(usdString(nano))));
    expect([0n, 1n, -1n, 1_500_000n, 1_000_000_000n].map(usdString)).toEqual([
      "0",
      "0.000000001",
      "-0.000000001",
      "0.0015",
      "1",
    ]);
  });

  test("nothing is rounded in silence: what is finer than a nano-dollar is refused", () => {
    expect(parseUsd("0.000000001")).toBe(1n);
    expect(parseUsd("0.0000000001")).toBeUndefined();
    expect(parseUsd("0.0000000010")).toBe(1n);
    expect(parseUsd("1e-9")).toBe(1n);
    expect(parseUsd("1e-10")).toBeUndefined();
  });

  test("prices as JavaScript prints small numbers are read exactly", () => {
    expect(["1e-7", "1.5E-7", "2.5e+1", "12", " 3.5 ", "-3.5"].map(parseUsd)).toEqual([
      100n,
      150n,
      25_000_000_000n,
      12_000_000_000n,
      3_500_000_000n,
      -3_500_000_000n,
    ]);
  });

  test("what is no decimal number is no amount", () => {
    for (const text of ["", ".", "1.", ".5", "1,5", "0x10", "NaN", "Infinity", "1e9999", "--1", "1 2", "$1"]) {
      expect([text, parseUsd(text)]).toEqual([text, undefined]);
    }
  });

  test("the number for showing is exact to the nano-dollar up to eight million dollars", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 8_000_000n * 1_000_000_000n }), (nano) => {
        expect(parseUsd(usdNumber(nano).toFixed(9))).toBe(nano);
        expect(usdNumber(nano)).toBe(Number(usdString(nano)));
      }),
    );
  });
});
