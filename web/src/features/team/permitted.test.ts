/** Every page knows what the server will refuse: what it calls is asked for by name before it is offered. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OperationId } from "../../../../src/contract/operations.ts";
import { ABILITIES, RIGHTS, ROLES } from "../../../../src/contract/roles.ts";

const FEATURES = dirname(import.meta.dir);
const CALLED = /\bcall\(\s*"(\w+)"/g;
const ASKED = /(?:useReach\(|reachOf\([\w.]+, |\bto=|\bby=|\basks: )"(\w+)"/g;

const sources = readdirSync(FEATURES, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(FEATURES, path), "utf8"));
const named = (pattern: RegExp) =>
  new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, id = ""]) => id)));

test("whatever a page calls that a role may not do, some page asks the table of roles about", () => {
  const called = named(CALLED);
  const asked = named(ASKED);
  const unasked = Object.values(ABILITIES).flatMap(({ right, operations }) => {
    const ids: readonly OperationId[] = operations;
    const isForAll = ROLES.every((role) => RIGHTS[right][role] !== "none");
    return isForAll || ids.some((id) => asked.has(id)) ? [] : ids.filter((id) => called.has(id));
  });
  expect(called.size).toBeGreaterThan(90);
  expect(unasked).toEqual([]);
});
