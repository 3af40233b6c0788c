import { expect, test } from "bun:test";
import { inexactField } from "./exact-numbers.ts";

test("a number that a double holds as it is written passes, however it is written", () => {
  for (const number of ["0", "-0", "0.0", "1.50e3", "1E-9", "0.1", "12.000000001", "1e21", "9007199254740991"]) {
    expect([number, inexactField(`{"limit":${number}}`)]).toEqual([number, null]);
  }
  expect(inexactField('{"a":[1,{"b":"0.10000000000000000001"}]}')).toBeNull();
});

test("a number that would be rounded or become infinite is named by its field", () => {
  for (const number of ["0.10000000000000000001", "1e400", "-1e400", "9007199254740993", "1e-400"]) {
    expect([number, inexactField(`{"name":"x","limit":${number}}`)]).toEqual([number, "limit"]);
  }
});
