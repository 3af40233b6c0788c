import { expect, test } from "bun:test";
import { createPasswordHasher } from "./password-hash.ts";

test("every character of a password counts, to the last of 256, and the same letters typed otherwise are the same", async () => {
  const hasher = createPasswordHasher(2);
  const long = "ab".repeat(128);
  const hash = await hasher.hash(long);
  expect(await hasher.verify(long, hash)).toBe(true);
  expect(await hasher.verify(`${long.slice(0, 255)}c`, hash)).toBe(false);
  const composed = await hasher.hash("caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9");
  expect(await hasher.verify("cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301", composed)).toBe(true);
});

test("a stored text that is no hash lets nobody in", async () => {
  const hasher = createPasswordHasher(1);
  for (const broken of ["", "plain", "$argon2id$v=19$m=1"]) expect(await hasher.verify("plain", broken)).toBe(false);
});

test("a flood of log-ins is refused beyond a bounded queue instead of taking the machine", async () => {
  const hasher = createPasswordHasher(1);
  const flood = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.hash("kucing oranye lompat tinggi")));
  const refused = flood.filter((outcome) => outcome.status === "rejected");
  expect(refused.length).toBeGreaterThanOrEqual(27);
  expect(hasher.computed).toBe(60 - refused.length);
});
