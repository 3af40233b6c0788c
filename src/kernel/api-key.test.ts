import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createApiKey, hashApiKey, maskApiKey, parseApiKey } from "./api-key.ts";

/** All that can be printed in ASCII, among them the 62 that keys are made of. */
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const kind = fc.constantFrom("inference" as const, "management" as const);

describe("API keys", () => {
  test("a key that was made is recognised, with its kind and public id", () => {
    fc.assert(
      fc.property(kind, (wanted) => {
        const { key, publicId } = createApiKey(wanted);
        expect(key).toMatch(wanted === "inference" ? /^gpr_[0-9A-Za-z]{46}$/ : /^gprm_[0-9A-Za-z]{46}$/);
        expect(parseApiKey(key)).toEqual({ kind: wanted, publicId });
      }),
    );
  });

  test("every single wrong character, at every place and of the whole alphabet, is noticed without a look-up", () => {
    const accepted: string[] = [];
    let tried = 0;
    for (const wanted of ["inference", "management"] as const) {
      for (let made = 0; made < 20; made++) {
        const { key } = createApiKey(wanted);
        for (let at = 0; at < key.length; at++) {
          for (const character of CHARACTERS) {
            if (character === key[at]) continue;
            const changed = key.slice(0, at) + character + key.slice(at + 1);
            if (parseApiKey(changed) !== undefined) accepted.push(changed);
            tried++;
          }
        }
      }
    }
    expect([accepted, tried]).toEqual([[], 20 * (50 + 51) * (CHARACTERS.length - 1)]);
  });

  test("two exchanged neighbours, a lost end, added space and another prefix are noticed", () => {
    const { key } = createApiKey("inference");
    const at = [...key].findIndex((character, index) => index > 4 && key[index + 1] !== character);
    const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
    for (const wrong of [
      swapped,
      key.slice(0, -1),
      `${key} `,
      ` ${key}`,
      `${key}\n`,
      key.replace("gpr_", "gprm_"),
      "",
    ]) {
      expect(parseApiKey(wrong)).toBeUndefined();
    }
    expect(parseApiKey("gpr_".repeat(1_000_000))).toBeUndefined();
  });

  test("no two keys are alike, and the hash is the SHA-256 of the whole key", () => {
    const secrets = new Set<string>();
    let refused = 0;
    for (let made = 0; made < 1_000_000; made++) {
      const { key, hash } = createApiKey("inference");
      if (parseApiKey(key) === undefined || (made < 1_000 && hash !== hashApiKey(key))) refused++;
      // Without the public id: two keys that differ in it alone would be alike for whoever guesses.
      secrets.add(key.slice(12));
    }
    expect([refused, secrets.size]).toEqual([0, 1_000_000]);
    expect(hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }, 120_000);

  test("the label gives away the public id and three characters of the checksum, nothing of the secret", () => {
    const { key, label, publicId } = createApiKey("management");
    expect(label).toBe(`gprm_${publicId}...${key.slice(-3)}`);
    expect(maskApiKey(key)).toBe(label);
  });
});
