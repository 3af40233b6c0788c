/** What is asked of every page of the dashboard, whoever looks at it. */
import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const AXE = readFileSync(join(import.meta.dir, "../../node_modules/axe-core/axe.min.js"), "utf8");

const FINISH_ANIMATIONS = `for (const animation of document.getAnimations()) {
  if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
}`;

/** Collects what must never happen on a page: a breach of the content policy, an uncaught error. */
export function watchPage(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught|TrustedHTML/i.test(message.text()))
      problems.push(`${page.url()}: ${message.text()}`);
  });
  return problems;
}

/**
 * Violations that axe calls serious or critical, one line each. Whatever fades or turns is brought to its end first: a
 * button between two states has the colours of neither. What turns for ever, as a spinner does, goes on. `rules` are
 * all, or those that another theme can break, for a page that has been judged in one already.
 */
export async function seriousViolations(page: Page, rules: "all" | "colours" = "all"): Promise<string[]> {
  await page.evaluate(FINISH_ANIMATIONS);
  // The policy of the pages forbids foreign scripts, so axe is evaluated by the debugger, not added as a tag.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const violations: Violation[] = await page.evaluate(`axe.run(document, ${JSON.stringify(AXE_OPTIONS[rules])})
    .then(({ violations }) => violations.filter(({ impact }) => impact === "serious" || impact === "critical"))`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  );
}

/** Nothing is told of what is fine: of a long page that alone takes longer than judging it. */
const VIOLATIONS_ALONE = { resultTypes: ["violations"], preload: false };
const AXE_OPTIONS = {
  all: VIOLATIONS_ALONE,
  colours: { ...VIOLATIONS_ALONE, runOnly: ["color-contrast", "link-in-text-block"] },
} as const;

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** How many CSS pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** Accessible and within its width. */
export async function expectFine(page: Page, where: string): Promise<void> {
  expect([where, await seriousViolations(page)]).toEqual([where, []]);
  expect([where, await overflow(page)]).toEqual([where, 0]);
}

/** Opens the sheet that a narrow page has its filters in; on a wide one they are in their place already. */
export async function openFilters(page: Page): Promise<void> {
  if (isNarrow(page)) await page.getByRole("button", { name: /^(Filters|Saringan)/ }).click();
}

/** Back to the page. */
export async function closeFilters(page: Page): Promise<void> {
  if (isNarrow(page)) await page.getByRole("button", { name: /^(Show what fits|Tampilkan yang cocok)$/ }).click();
}

function isNarrow(page: Page): boolean {
  return (page.viewportSize()?.width ?? Number.POSITIVE_INFINITY) < 768;
}
