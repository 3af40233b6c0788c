/**
 * What a browser loads before the Dashboard stands: the page, its style, every script that is asked for at once, and what
 * the first pages say in the longer of the two languages. What comes when the page is idle or asked for it is not in it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "bun";
import { buildWeb } from "../../tools/build-web.ts";
import { ROOT } from "../support/processes.ts";

/** More than this is a fault: of the measurement, and of the tests. */
export const MOST_KILOBYTES = 250;

const DIST = join(ROOT, "web/dist");

export async function firstLoad(): Promise<{ kilobytes: number; files: number }> {
  await buildWeb();
  const page = readFileSync(join(DIST, "index.html"), "utf8");
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+|theme\.js)"/g)].map(([, name = ""]) => name);
  const dashboard = readdirSync(join(DIST, "assets")).filter((name) => /^(?:dashboard-page|shell)-.*\.js$/.test(name));
  const files = new Set<string>();
  for (const name of [...named, ...[...dashboard, longerTexts()].map((file) => `assets/${file}`)]) collect(name, files);
  const bytes = [...files, "index.html"].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).byteLength,
    0,
  );
  return { kilobytes: bytes / 1000, files: files.size + 1 };
}

/** A reader loads one language. */
function longerTexts(): string {
  const texts = readdirSync(join(DIST, "assets")).filter((name) => /^start-.*\.js$/.test(name));
  if (texts.length !== 2) throw new Error(`There should be two files of first texts, not ${texts.length}.`);
  return texts.sort((one, other) => size(other) - size(one))[0] ?? "";
}

function size(name: string): number {
  return readFileSync(join(DIST, "assets", name)).byteLength;
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
