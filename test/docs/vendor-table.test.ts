import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { vendorOf, vendorTypes } from "../../src/catalog/vendors/vendors.ts";
import { withVendorTable } from "./vendor-table.ts";

const docs = join(import.meta.dir, "..", "..", "docs");

test.each([
  ["providers.md", "en"],
  ["providers.id.md", "id"],
] as const)(
  "docs/%s holds the table of the present vendors; tools/write-vendor-table.ts writes it",
  (file, language) => {
    const page = readFileSync(join(docs, file), "utf8");
    expect(withVendorTable(page, language) === page).toBe(true);
  },
);

test("every vendor with a name of its own has a row, and each row says what is spoken", () => {
  const page = readFileSync(join(docs, "providers.md"), "utf8");
  for (const type of vendorTypes) {
    const { slug, name } = vendorOf(type);
    if (slug === null) continue;
    const row = page.split("\n").find((line) => line.startsWith(`| ${name} | \`${slug}\` |`));
    expect(row?.split(" | ")[3]).toMatch(/\w/);
  }
});
