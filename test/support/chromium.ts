/** A real Chromium for tests: one process for a test file, a fresh context (cookies, storage) for each test. */
import { afterAll, afterEach } from "bun:test";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { findChromium } from "../../tools/chromium.ts";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Shorter than a test may take, so that what is waited for in vain is named, and the browser lives on for other tests. */
const WAIT_MS = 45_000;

interface LoggedIn {
  server: { url: string };
  visitor: { cookie: string };
}

export interface Chromium {
  /** A context that shares nothing with others, logged in as the visitor where one is named; closed after the test. */
  newContext(options?: BrowserContextOptions, as?: LoggedIn): Promise<BrowserContext>;
}

/** Call it at the top of a file or of a `describe`. The browser starts with the first context. */
export function chromiumForTests(): Chromium {
  let starting: Promise<Browser> | null = null;
  const contexts: BrowserContext[] = [];
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await (await starting)?.close();
    starting = null;
  });
  return {
    newContext: async (options, as) => {
      starting ??= launchChromium();
      const context = await (await starting).newContext(options);
      context.setDefaultTimeout(WAIT_MS);
      contexts.push(context);
      if (as) await logIn(context, as);
      return context;
    },
  };
}

async function logIn(context: BrowserContext, { server, visitor }: LoggedIn): Promise<void> {
  const [name = "", value = ""] = visitor.cookie.split("=");
  await context.addCookies([{ name, value, url: server.url }]);
}

/** Starts the browser that the test run has found. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      'This test needs Chromium. Run it with "npm test -- <path>", which installs it where it may, or set ' +
        "GAPURA_TEST_CHROMIUM to the path of a Chromium or Google Chrome.",
    );
  }
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}
