import { expect, test } from "bun:test";
import { safeReturnPath } from "./return-path.ts";

test("after login one comes back to the page of this site that was asked for", () => {
  expect(safeReturnPath("/activity?outcome=error#x")).toBe("/activity?outcome=error#x");
});

test("no link can make the login lead to another site", () => {
  for (const next of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "",
    undefined,
    7,
  ]) {
    expect(safeReturnPath(next)).toBe("/dashboard");
  }
});
