/** What a browser loads before the start page stands: the page, its style, and every script that is asked for at once. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "bun";
import { buildWeb } from "../../tools/build-web.ts";
import { ROOT } from "../support/processes.ts";

const DIST = join(ROOT, "web/dist");

export async function firstLoad(): Promise<{ kilobytes: number; files: number }> {
  await buildWeb();
  const page = readFileSync(join(DIST, "index.html"), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+|theme\.js)"/g)].map(([, name = ""]) => name);
  const dashboard = readdirSync(join(DIST, "assets")).filter((name) => /^(?:dashboard-page|shell)-.*\.js$/.test(name));
  const files = new Set<string>();
  for (const name of [...named, ...dashboard.map((file) => `assets/${file}`)]) collect(name, files);
  const bytes = [...files, "index.html"].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).byteLength,
    0,
  );
  return { kilobytes: bytes / 1000, files: files.size + 1 };
}

/** A file and what it imports before it runs. */
function collect(name: string, files: Set<string>): void {
  if (files.has(name)) return;
  files.add(name);
  if (!name.endsWith(".js") || !name.startsWith("assets/")) return;
  const text = readFileSync(join(DIST, name), "utf8");
  for (const [, file = ""] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    collect(`assets/${file}`, files);
}
