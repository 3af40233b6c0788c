/** Writes the tables of docs/dialects.md and its translation. A test refuses pages that are stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "../test/conformance/dialect-table.ts";

const docs = join(import.meta.dir, "..", "docs");

for (const [file, language] of [
  ["dialects.md", "en"],
  ["dialects.id.md", "id"],
] as const) {
  const path = join(docs, file);
  const page = withTables(readFileSync(path, "utf8"), language);
  if (page === undefined) throw new Error(`${file} has lost the marks between which its tables stand.`);
  writeFileSync(path, page);
}
