import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { base62OfUint32, newGenerationId, newId, newRequestId, randomBase62 } from "./ids.ts";

describe("ids", () => {
  test("random text has the asked length and uses every base62 character about equally", () => {
    fc.assert(fc.property(fc.nat(200), (length) => randomBase62(length).length === length));
    const counts = new Map<string, number>();
    for (const character of randomBase62(620_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(62);
    // 10,000 each on average, 100 the standard deviation: folding bytes instead of dropping them would give 25 % more to some.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(1_000);
  });

  test("every 32-bit number has its own six characters, in the same order", () => {
    expect([0, 61, 62, 0xffffffff].map(base62OfUint32)).toEqual(["000000", "00000z", "000010", "4gfFC3"]);
    const uint32 = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(uint32, uint32, (a, b) => {
        expect(Math.sign(a - b)).toBe(base62OfUint32(a) < base62OfUint32(b) ? -1 : a === b ? 0 : 1);
      }),
    );
  });

  test("row ids sort by the time they were made, and none is made twice", () => {
    const ids = Array.from({ length: 5_000 }, () => newId("usage"));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids[0]).toMatch(/^usage_[0-9a-f]{32}$/);
  });

  test("generation and request ids have the form that clients and logs expect", () => {
    expect(newGenerationId(1_800_000_000_999)).toMatch(/^gen-1800000000-[0-9A-Za-z]{20}$/);
    expect(newRequestId()).toMatch(/^req_[0-9A-Za-z]{24}$/);
  });
});
