/** What a page says, to find what nobody has said in its language. */
import type { Page } from "playwright-core";
import { englishTexts } from "../../web/src/i18n/en/texts.ts";

const SAID = `(() => {
  const said = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (element === null || element.closest("code, pre, script, style, [translate=no], option") !== null) continue;
    said.add(walker.currentNode.data.trim().replace(/\\s+/g, " "));
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"]) said.add(element.getAttribute(name) ?? "");
  return [...said].filter((text) => text !== "");
})()`;

/** Every text of the page, and every name of its elements, but for code. */
export function saidOn(page: Page): Promise<string[]> {
  return page.evaluate(SAID);
}

/** A text that a language lacks is shown as its name. */
const NAME_OF_TEXT = new RegExp(`^(?:${Object.keys(englishTexts).join("|")})\\.[a-z]\\w+$`);

export function namesOfTexts(said: readonly string[]): string[] {
  return said.filter((text) => text.split(/\s+/).some((word) => NAME_OF_TEXT.test(word.replace(/[.,:…]+$/, ""))));
}

/** Words of prose: what is named or measured has capitals, digits or signs in it. */
const PROSE = /^\p{Ll}+[.,:;?!]?$/u;

/** What is said in the same words in both languages: two words of prose are no name that both share. */
export function saidInBoth(one: readonly string[], other: readonly string[]): string[] {
  const others = new Set(other);
  return one.filter((text) => others.has(text) && text.split(/\s+/).filter((word) => PROSE.test(word)).length > 1);
}
