import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatConverted, formatUsd } from "./money-text.ts";

/** The space that Indonesian money formats put between sign and number, if any, as a plain one. */
const plain = (text: string | null) => text?.replace(/[\u00a0\u202f]/g, " ");

describe("dollars", () => {
  test("is shown to its last digit: a fraction of a cent is never rounded away", () => {
    expect(formatUsd("0.0015", "en")).toBe("$0.0015");
    expect(formatUsd("0.000000001", "en")).toBe("$0.000000001");
    expect(plain(formatUsd("1234.5", "id"))).toMatch(/^US\$ ?1\.234,50$/);
  });

  test("has two decimals at least, as people write it", () => {
    expect(formatUsd("0", "en")).toBe("$0.00");
    expect(formatUsd("12", "en")).toBe("$12.00");
  });

  test("keeps amounts exact that a float cannot hold", () => {
    expect(formatUsd("9007199254740993.000000001", "en")).toBe("$9,007,199,254,740,993.000000001");
  });

  test("comes back as it is when it is no decimal number", () => {
    expect(formatUsd("unknown", "en")).toBe("unknown");
  });
});

describe("the same in a second currency", () => {
  const rupiah = { currency: "IDR", rate: "16500" };

  test("is the product, written as its readers write it, and marked as about", () => {
    expect(plain(formatConverted("1.5", rupiah, "id"))).toBe("≈ Rp 24.750");
    expect(plain(formatConverted("1.50001", rupiah, "en"))).toBe("≈ Rp 24,750.17");
    expect(plain(formatConverted("0.0122", rupiah, "en"))).toBe("≈ Rp 201.30");
    expect(plain(formatConverted("-0.001", rupiah, "id"))).toBe("≈ -Rp 16,50");
    expect(plain(formatConverted("100", { currency: "EUR", rate: "0.92" }, "en"))).toBe("≈ €92");
  });

  test("never becomes nothing where there is something: what is below a cent keeps two digits", () => {
    expect(plain(formatConverted("0.000000001", rupiah, "id"))).toBe("≈ Rp 0,000017");
    expect(plain(formatConverted("0", rupiah, "id"))).toBe("≈ Rp 0");
  });

  test("is multiplied without a float, however large", () => {
    const whole = fc.bigInt({ min: 1n, max: 10n ** 18n });
    fc.assert(
      fc.property(whole, fc.bigInt({ min: 1n, max: 10n ** 9n }), (dollars, rate) => {
        const shown = formatConverted(String(dollars), { currency: "IDR", rate: String(rate) }, "en") ?? "";
        expect(BigInt(shown.replace(/\D/g, ""))).toBe(dollars * rate);
      }),
    );
  });

  test("is left out where there is no amount", () => {
    expect(formatConverted("unknown", rupiah, "en")).toBeNull();
  });
});
