/**
 * Every page of the dashboard and the website, on a desk and on a phone, in both languages and both themes: accessible,
 * within its width, in one language, and without an error. The pages are those of test/support/all-pages.ts.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { addressIn, PAGES, type PageRow, STATES } from "../support/all-pages.ts";
import { chromiumForTests } from "../support/chromium.ts";
import { overflow, seriousViolations } from "../support/pages.ts";
import { namesOfTexts, saidInBoth, saidOn } from "../support/spoken.ts";
import { startUsedInstance, type UsedInstance } from "../support/used-instance.ts";
import { type WatchedPage, watchedPage } from "../support/watched-page.ts";

const TIMEOUT_MS = 400_000;
const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true };
/** Each with the pages alone, or with all that has an address. */
const LOOKS = [
  ["English on a desk", { locale: "en-GB", ...DESK }, [...PAGES, ...STATES]],
  ["Indonesian on a phone", { locale: "id-ID", ...PHONE }, [...PAGES, ...STATES]],
  ["English on a phone", { locale: "en-GB", ...PHONE }, PAGES],
  ["Indonesian on a desk", { locale: "id-ID", ...DESK }, PAGES],
] as const satisfies [string, BrowserContextOptions, readonly PageRow[]][];
/** Pages that are looked at at once: what one waits for, another computes. */
const AT_ONCE = 2;

let instance: UsedInstance;
/** By page and language: what was said there, at whatever width. */
const said = new Map<string, Record<string, string[]>>();
const chromium = chromiumForTests();

beforeAll(async () => {
  instance = await startUsedInstance();
}, TIMEOUT_MS);
afterAll(() => instance.stop());

test("every route of the router is in the table of pages", () => {
  const router = readFileSync(join(import.meta.dir, "../../web/src/routes/router.tsx"), "utf8");
  const routes = [...router.matchAll(/^\s*path: "([^"]+)"/gm)].map(([, path = ""]) => path);
  expect(routes.length).toBeGreaterThan(30);
  const isWalked = (route: string) => {
    const pattern = new RegExp(`^${route.replace(/\$\w+/g, "[^/]+")}(?:[?#]|$)`);
    return PAGES.some(({ path }) => pattern.test(path));
  };
  expect(routes.filter((route) => !isWalked(route))).toEqual([]);
});

for (const [look, options, rows] of LOOKS) {
  test(
    `in ${look} every page is accessible in both themes, fits its window and stands without an error`,
    async () => {
      const left = [...rows];
      const wrong: string[] = [];
      const walk = async () => {
        const pages = await pagesFor(options);
        for (let row = left.shift(); row !== undefined; row = left.shift()) {
          const where = placeOf(row);
          const found = await wrongWith(pages[row.as], row, options.locale?.slice(0, 2) ?? "");
          wrong.push(...found.map((what) => `${where}: ${what}`));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, walk));
      expect(wrong).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

const placeOf = ({ as, path }: PageRow) => `${path} of ${as}`;

async function pagesFor(options: BrowserContextOptions): Promise<Record<PageRow["as"], WatchedPage>> {
  const { server, owner, team, newcomer } = instance;
  const as = async (visitor?: typeof owner) => {
    const still = { ...options, reducedMotion: "reduce" } as const;
    return watchedPage(await chromium.newContext(still, visitor === undefined ? undefined : { server, visitor }));
  };
  return { nobody: await as(), owner: await as(owner), team: await as(team.owner), newcomer: await as(newcomer) };
}

async function wrongWith({ page, open }: WatchedPage, row: PageRow, language: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  const wrong = await open(instance.server.url + addressIn(row, instance.things), row.refused);
  wrong.push(...(await seriousViolations(page)).map((violation) => `light: ${violation}`));
  await page.emulateMedia({ colorScheme: "dark" });
  wrong.push(...(await seriousViolations(page, "colours")).map((violation) => `dark: ${violation}`));
  const wider = await overflow(page);
  if (wider > 0) wrong.push(`${wider} px wider than its window`);
  const lang = await page.evaluate("document.documentElement.lang");
  if (lang !== language) wrong.push(`its language is ${lang}`);
  const texts = await saidOn(page);
  const { [language]: before = [], ...others } = said.get(placeOf(row)) ?? {};
  said.set(placeOf(row), { ...others, [language]: [...before, ...texts] });
  return [...wrong, ...namesOfTexts(texts).map((name) => `“${name}” is the name of a text`)];
}

test("no page says anything to readers of Indonesian in English, or the other way round", () => {
  const rows = [...PAGES, ...STATES];
  const untranslated = rows.flatMap((row) => {
    const { path, quotes } = row;
    const { en = [], id = [] } = said.get(placeOf(row)) ?? {};
    expect([path, en.length > 0 && id.length > 0]).toEqual([path, true]);
    return saidInBoth(en, id).flatMap((text) => (quotes?.test(text) === true ? [] : [`${path}: ${text}`]));
  });
  expect([...new Set(untranslated)]).toEqual([]);
});
