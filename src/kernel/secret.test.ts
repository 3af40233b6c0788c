import { expect, test } from "bun:test";
import { format, inspect } from "node:util";
import { Secret } from "./secret.ts";

test("a secret shows itself in no kind of printing, nested or alone, and reveals itself when asked", () => {
  const secret = new Secret("canary-3f1d");
  const owner = { name: "x", secret, list: [secret] };
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify(owner),
    inspect(owner, { depth: 10, showHidden: true }),
    format("%s %o %j", secret, owner, owner),
    Bun.inspect(owner),
    JSON.stringify(Object.entries(secret)),
    String(new Error("x", { cause: owner }).cause),
  ];
  for (const text of printed) expect(text).not.toContain("canary");
  expect(secret.reveal()).toBe("canary-3f1d");
});
