/** Writes the settings' reference into docs/configuration.md and its translation. A test refuses pages that are stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withReference } from "../src/config/reference.ts";

const docs = join(import.meta.dir, "..", "docs");

for (const [file, language] of [
  ["configuration.md", "en"],
  ["configuration.id.md", "id"],
] as const) {
  const path = join(docs, file);
  const page = withReference(readFileSync(path, "utf8"), language);
  if (page === undefined) throw new Error(`${file} has lost the marks between which its reference stands.`);
  writeFileSync(path, page);
}
