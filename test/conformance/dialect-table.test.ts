/** Nothing is lost in silence between two dialects, and docs/dialects.md says what becomes of everything. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { answerParts, clients, columns, fateOf, isShown, withTables } from "./dialect-table.ts";

for (const { title, client, plain, features } of clients) {
  describe(title, () => {
    for (const column of columns) {
      test(`every feature that is sent to ${column.title} arrives or is reported as dropped`, () => {
        const fates = features.map((feature) => [feature.name, fateOf(client, { plain, feature, column })]);
        expect(fates.filter(([, fate]) => fate === "lost")).toEqual([]);
      });
    }

    test("every part of an answer is shown in whole and streamed answers alike", () => {
      expect(() => answerParts.map((part) => isShown(client, plain, part))).not.toThrow();
      expect(answerParts.filter((part) => isShown(client, plain, part)).length).toBeGreaterThan(2);
    });
  });
}

test.each([
  ["dialects.md", "en"],
  ["dialects.id.md", "id"],
] as const)(
  "docs/%s holds the tables of the present code; tools/write-dialect-tables.ts writes them",
  (file, language) => {
    const page = readFileSync(join(import.meta.dir, "..", "..", "docs", file), "utf8");
    expect(withTables(page, language) === page).toBe(true);
  },
);
