import { expect, test } from "bun:test";
import { parseSearch, stringifySearch } from "./search-params.ts";

test("what stands in the address bar stays as it was written, digits and quotes included", () => {
  const values = {
    code: "12345678901234567890123",
    limit: "0.10",
    e: "1e5",
    q: '"x"',
    next: "/auth?a=1&b=%20#c",
    t: "true",
  };
  expect(parseSearch(stringifySearch(values))).toEqual(values);
});

test("nothing makes no question mark, and what is missing is left out", () => {
  expect(stringifySearch({})).toBe("");
  expect(stringifySearch({ a: undefined, b: null, c: true })).toBe("?c=true");
});
