import { expect, test } from "bun:test";
import { advice } from "./requirements.ts";

test("what is missing is named with the reason and the way to install it", () => {
  const text = advice(["curl", "Chromium"], "only root may");
  expect(text).toContain("curl, Chromium");
  expect(text).toContain("only root may");
  expect(text).toContain("apt-get install postgresql chromium curl");
});
