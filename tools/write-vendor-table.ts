/** Writes the table of vendors in docs/providers.md and its translation. A test refuses pages that are stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withVendorTable } from "../test/docs/vendor-table.ts";

const docs = join(import.meta.dir, "..", "docs");

for (const [file, language] of [
  ["providers.md", "en"],
  ["providers.id.md", "id"],
] as const) {
  const path = join(docs, file);
  const page = withVendorTable(readFileSync(path, "utf8"), language);
  if (page === undefined) throw new Error(`${file} has lost the marks between which its table stands.`);
  writeFileSync(path, page);
}
