/**
 * The first pages are drawn with the first part of the texts alone. A text of the rest would be shown to their reader as
 * its name, so whatever these pages are made of may only say what is in the first part.
 */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { englishRest } from "./en/rest.ts";
import { englishStart } from "./en/start.ts";
import { indonesianRest } from "./id/rest.ts";
import { indonesianStart } from "./id/start.ts";

const WEB = dirname(import.meta.dir);
const ROUTER = join(WEB, "routes/router.tsx");

/** The router's pages that do not wait for all texts. */
function firstPages(): string[] {
  const source = readFileSync(ROUTER, "utf8");
  return [...source.matchAll(/lazyRouteComponent\(\s*\(\) => import\("([^"]+)"\)/g)].map(([, path = ""]) => path);
}

/** Every file that these are made of, with what they load later themselves. */
function filesOf(entries: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path) || !path.startsWith(`${WEB}/`) || !existsSync(path)) return;
    files.add(path);
    // What waits for all texts may say all of them.
    const source = readFileSync(path, "utf8").replace(/withAllTexts\(\(\) => import\("[^"]+"\)\)/g, "");
    const kinds = path === ROUTER ? /^import .*? from "(\.[^"]+)"/gms : /(?:from|import\() ?"(\.[^"]+)"/g;
    for (const [, imported = ""] of source.matchAll(kinds)) visit(join(dirname(path), imported));
  };
  for (const entry of entries) visit(entry);
  return files;
}

test("the first pages say nothing that is not loaded with them", () => {
  const pages = firstPages();
  expect(pages.length).toBeGreaterThan(5);
  const files = filesOf([join(WEB, "main.tsx"), ...pages.map((page) => join(dirname(ROUTER), page))]);
  const rest = Object.keys(englishRest);
  const name = new RegExp(`["\`](?:${rest.join("|")})\\.\\w`);
  const strays = [...files].filter((path) => !path.includes("/i18n/") && name.test(readFileSync(path, "utf8")));
  expect(strays.map((path) => path.slice(WEB.length))).toEqual([]);
});

test("both languages are cut at the same place", () => {
  expect(Object.keys(indonesianStart)).toEqual(Object.keys(englishStart));
  expect(Object.keys(indonesianRest)).toEqual(Object.keys(englishRest));
});
