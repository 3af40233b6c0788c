/** A page of the browser of which everything is heard that must not happen, and when it is at rest. */
import type { BrowserContext, Page, Request } from "playwright-core";
import { until } from "./visitor.ts";

/** What the browser drops itself, because the next page is asked for. */
const LEFT_BEHIND = "net::ERR_ABORTED";
const IS_AT_REST = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
  resolve(document.querySelector("h1") !== null && document.querySelector("[aria-busy=true], .motion-safe\\\\:animate-pulse") === null))))`;

export interface WatchedPage {
  page: Page;
  /**
   * Resolves when the page stands, with what happened on the way and should not have: an error in the console, a breach
   * of the content policy, a request that failed or was refused. `refused` is the address of which that is expected.
   */
  open(url: string, refused?: RegExp): Promise<string[]>;
  /** The names of what the page itself asked of the server since it was opened, as `GET /api/…`. */
  asked(): string[];
}

export async function watchedPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const underWay = new Set<Request>();
  const problems: { text: string; url: string }[] = [];
  const asked: string[] = [];
  page.on("request", (request) => {
    // A stream of events stays open for as long as the page does.
    if (request.resourceType() !== "eventsource") underWay.add(request);
    asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  page.on("requestfinished", (request) => underWay.delete(request));
  page.on("requestfailed", (request) => {
    underWay.delete(request);
    const why = request.failure()?.errorText ?? "";
    if (why !== LEFT_BEHIND) problems.push({ text: why, url: request.url() });
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push({ text: `answered ${response.status()}`, url: response.url() });
  });
  page.on("pageerror", (error) => problems.push({ text: error.message, url: page.url() }));
  page.on("console", (message) => {
    // Refused requests are told of above, with their address.
    const isTold = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isTold) problems.push({ text: message.text(), url: page.url() });
  });
  return {
    page,
    asked: () => [...asked],
    open: async (url, refused) => {
      for (const list of [problems, asked]) list.length = 0;
      await page.goto(url);
      await until(async () => underWay.size === 0 && (await page.evaluate(IS_AT_REST)) === true && underWay.size === 0);
      return problems
        .filter((problem) => refused?.test(problem.url) !== true)
        .map(({ text, url: where }) => `${where}: ${text}`);
    },
  };
}
