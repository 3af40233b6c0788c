import { describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import { EnvelopeError, KeyRing, newWrappingKeyText, type Sealed, WrappingKey, wrappingKeyFrom } from "./envelope.ts";

const SECRET = "sk-canary-0123456789";
const BINDING = ["provider_key", "pvk_1", "openai", "https://api.openai.com"];
const key = (fill: number) => new WrappingKey(new Uint8Array(32).fill(fill));
const ring = new KeyRing([key(1)]);

function failure(work: () => unknown): unknown {
  try {
    return { opened: work() };
  } catch (error) {
    return error instanceof EnvelopeError ? error.kind : error;
  }
}

describe("a sealed record", () => {
  test("opens to what was sealed, and two seals of one text share nothing", () => {
    const [one, two] = [ring.seal(SECRET, BINDING), ring.seal(SECRET, BINDING)];
    expect(ring.open(one, BINDING)).toBe(SECRET);
    expect(ring.open(two, BINDING)).toBe(SECRET);
    expect([one.sealed === two.sealed, one.wrappedKey === two.wrappedKey]).toEqual([false, false]);
    expect(Buffer.from(one.sealed, "base64").includes(SECRET)).toBe(false);
  });

  test.each(["sealed", "wrappedKey"] as const)("does not open with any one bit of any byte of %s flipped", (part) => {
    const record = ring.seal(SECRET, BINDING);
    const bytes = Buffer.from(record[part], "base64");
    for (let index = 0; index < bytes.length * 8; index++) {
      const changed = Buffer.from(bytes);
      changed[index >> 3] = (changed[index >> 3] ?? 0) ^ (1 << (index & 7));
      const tampered = { ...record, [part]: changed.toString("base64") };
      expect([index, failure(() => ring.open(tampered, BINDING))]).toEqual([index, "damaged"]);
    }
  });

  test.each(["sealed", "wrappedKey"] as const)("does not open when %s is cut, longer, or no base64", (part) => {
    const record = ring.seal(SECRET, BINDING);
    const text = record[part];
    for (const changed of [
      "",
      "AA==",
      text.slice(4),
      text.slice(0, -4),
      `${text}AAAA`,
      `${text} `,
      `!${text.slice(1)}`,
    ]) {
      expect(failure(() => ring.open({ ...record, [part]: changed }, BINDING))).toBe("damaged");
    }
  });

  test.each(BINDING.map((_, index) => index))("does not open for another value of part %i of its binding", (index) => {
    const record = ring.seal(SECRET, BINDING);
    expect(failure(() => ring.open(record, BINDING.with(index, "other")))).toBe("damaged");
  });

  test("does not open when two parts of the binding are only divided differently", () => {
    const record = ring.seal(SECRET, ["ab", "c"]);
    expect(failure(() => ring.open(record, ["a", "bc"]))).toBe("damaged");
    expect(failure(() => ring.open(record, ['ab","c']))).toBe("damaged");
  });

  test("does not open with the parts of another record of the same binding, nor with its key named otherwise", () => {
    const [one, two] = [ring.seal(SECRET, BINDING), ring.seal("another", BINDING)];
    expect(failure(() => ring.open({ ...one, wrappedKey: two.wrappedKey }, BINDING))).toBe("damaged");
    expect(failure(() => ring.open({ ...one, keyId: key(2).id }, BINDING))).toBe("unknown-key");
    const both = new KeyRing([key(1), key(2)]);
    expect(failure(() => both.open({ ...one, keyId: key(2).id }, BINDING))).toBe("damaged");
  });
});

describe("keys", () => {
  test("a record of an old key opens while that key is known, and after rewrapping without it; its content is untouched", () => {
    const old = ring.seal(SECRET, BINDING);
    const both = new KeyRing([key(2), key(1)]);
    expect(both.open(old, BINDING)).toBe(SECRET);
    const moved: Sealed = both.rewrap(old, BINDING);
    expect(moved.sealed).toBe(old.sealed);
    expect(new KeyRing([key(2)]).open(moved, BINDING)).toBe(SECRET);
    expect(failure(() => ring.open(moved, BINDING))).toBe("unknown-key");
  });

  test("only 32 bytes in their one standard form are a key", () => {
    expect(wrappingKeyFrom(newWrappingKeyText())?.id).toMatch(/^[0-9a-f]{12}$/);
    const zeros = `${"A".repeat(43)}=`;
    expect(wrappingKeyFrom(zeros)).toBeDefined();
    const loose = `${"A".repeat(42)}B=`;
    const hex = "0".repeat(64);
    for (const text of [
      "",
      loose,
      hex,
      zeros.slice(1),
      `${zeros}\n`,
      ` ${zeros}`,
      `A${zeros}`,
      zeros.slice(0, -1),
      "x y",
    ]) {
      expect([text, wrappingKeyFrom(text)]).toEqual([text, undefined]);
    }
  });

  test("printing or serialising a key shows its id alone", () => {
    const text = newWrappingKeyText();
    const made = wrappingKeyFrom(text);
    const shown = `${inspect(made, { depth: 9, showHidden: true })} ${JSON.stringify({ made })} ${String(made)} ${Bun.inspect(made)}`;
    expect(shown).toContain(made?.id ?? "?");
    for (const form of [text, Buffer.from(text, "base64").toString("hex")]) expect(shown).not.toContain(form);
  });
});
