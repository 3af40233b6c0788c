/**
 * Every page of the dashboard and the website, on a desk and on a phone, in both languages and both themes: accessible,
 * within its width, in one language, and without an error. The pages are those of test/support/all-pages.ts.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { type OperationId, operations } from "../../src/contract/operations.ts";
import { RIGHTS, type Role, rightFor } from "../../src/contract/roles.ts";
import { NAVIGATION } from "../../web/src/features/shell/navigation.ts";
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

test(
  "viewers and members of a team are offered what their role allows and nothing else, and no page asks for what it may not",
  async () => {
    const offered = new Map<Role, Set<string>>();
    const wrong: string[] = [];
    for (const role of ["owner", "viewer", "member"] as const) {
      const visitor = instance.team[role];
      const { open, page } = await watchedPage(
        await chromium.newContext(
          { locale: "en-GB", ...DESK, reducedMotion: "reduce" },
          { server: instance.server, visitor },
        ),
      );
      const things = instance.teamThings[role === "member" ? "member" : "owner"];
      const found = new Set<string>();
      for (const row of rowsOfTeam(role)) {
        const problems = await open(instance.server.url + addressIn(row, things), row.refused);
        wrong.push(...problems.map((problem) => `${row.path} for ${role}: ${problem}`));
        for (const id of await page.evaluate(OFFERED)) found.add(id);
      }
      offered.set(role, found);
    }
    const all = [...(offered.get("owner") ?? [])].filter(isOperation);
    expect(all.length).toBeGreaterThan(10);
    for (const role of ["viewer", "member"] as const) {
      const allowed = all.filter((id) => RIGHTS[rightFor(id) ?? "look"][role] !== "none");
      expect([role, [...(offered.get(role) ?? [])].sort()]).toEqual([role, allowed.sort()]);
    }
    expect(wrong).toEqual([]);
  },
  TIMEOUT_MS,
);

/** The operations whose controls are on the page and can be used. */
const OFFERED = `[...document.querySelectorAll("[data-operation]")]
  .filter((part) => part.querySelector("button:enabled, input:enabled, select:enabled, textarea:enabled") !== null)
  .map((part) => part.dataset.operation)` as unknown as () => string[];
const isOperation = (id: string): id is OperationId => Object.hasOwn(operations, id);

/** The pages of an account; those that a role has in no menu, it is not led to. */
function rowsOfTeam(role: Role): PageRow[] {
  const entries = NAVIGATION.flatMap((group) => group.entries);
  return [...PAGES, ...STATES].filter(({ as, path }) => {
    const entry = entries.find(({ to }) => path === to || path.startsWith(`${to}?`) || path.startsWith(`${to}/`));
    if (as === "nobody" || as === "newcomer" || entry === undefined || entry.isOwners === true) return false;
    if (/nobodys1|create=true/.test(path)) return false;
    const right = entry.asks === undefined ? null : rightFor(entry.asks);
    return right === null || RIGHTS[right][role] !== "none";
  });
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
