import { expect, test } from "bun:test";
import fc from "fast-check";
import { chooseCredential } from "./choose-credential.ts";

test("a higher priority number is used only while no lower one can be, and weights share the rest", () => {
  const first = { id: "a", priority: 0, weight: 1 };
  const second = { id: "b", priority: 0, weight: 3 };
  const spare = { id: "c", priority: 1, weight: 100 };
  expect(chooseCredential([spare], () => 0)).toBe(spare);
  expect(chooseCredential([], () => 0)).toBeUndefined();
  const drawn = Array.from({ length: 1_000 }, (_, index) =>
    chooseCredential([spare, first, second], () => index / 1_000),
  );
  expect(drawn.filter((one) => one === first)).toHaveLength(250);
  expect(drawn.filter((one) => one === second)).toHaveLength(750);
});

test("always draws one of those with the lowest priority", () => {
  const one = fc.record({ priority: fc.nat(3), weight: fc.integer({ min: 1, max: 100 }) });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (usable, random) => {
      const lowest = Math.min(...usable.map(({ priority }) => priority));
      expect(chooseCredential(usable, () => random)?.priority).toBe(lowest);
    }),
  );
});
