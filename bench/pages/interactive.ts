/**
 * How long the owner of a slow phone waits until a page answers: Chromium with its processor slowed down four times, on a
 * connection of 1.6 Mbit/s down, 750 kbit/s up and 150 ms there and back, with nothing in its cache.
 *
 * A page is interactive at the latest of three moments: something was painted, its heading and what it had to load
 * stand, the last task of more than 50 ms ended. Five seconds without another such task must follow.
 */
import type { Browser, BrowserContext } from "playwright-core";
import { seedDatabase } from "../../src/cli/seed/seed.ts";
import { SEED_ACCOUNTS } from "../../src/cli/seed/world.ts";
import { createPasswordHasher } from "../../src/control/accounts/password-hash.ts";
import { openStorage } from "../../src/storage/open.ts";
import { launchChromium } from "../../test/support/chromium.ts";
import { expectStatus, PASSWORD, Visitor } from "../../test/support/visitor.ts";
import { findChromium } from "../../tools/chromium.ts";
import type { Figure } from "../figure.ts";
import { SETTINGS, startGapura } from "../support/gapura-server.ts";
import { makeFolder, removeFolder } from "../support/processes.ts";
import { median } from "../support/statistics.ts";

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } as const;
const CPU_SLOWDOWN = 4;
const MEGABIT = 1_000_000 / 8;
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 1.6 * MEGABIT,
  uploadThroughput: 0.75 * MEGABIT,
};
const PAGES = { landing: "/", dashboard: "/dashboard" } as const;
const QUIET_MS = 5_000;
const TIMEOUT_MS = 90_000;

/** Runs before the page: keeps when it first stood, and when the last long task ended. */
const WATCH = `(() => {
  const seen = { stoodMs: 0, taskMs: 0, stands: false };
  globalThis.seenByBench = seen;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.taskMs = Math.max(seen.taskMs, startTime + duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    const stands = document.querySelector("h1") !== null && document.querySelector("[aria-busy=true]") === null;
    if (stands && !seen.stands) seen.stoodMs = performance.now();
    seen.stands = stands;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributeFilter: ["aria-busy"] });
})()`;
/** Looks four times a second: each look is work of the page too. */
const INTERACTIVE_MS = `new Promise((resolve) => {
  const look = () => {
    const { stoodMs, taskMs, stands } = globalThis.seenByBench;
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const interactiveMs = Math.max(paint?.startTime ?? Infinity, stoodMs, taskMs);
    if (stands && performance.now() - interactiveMs >= ${QUIET_MS}) resolve(interactiveMs);
    else setTimeout(look, 250);
  };
  look();
})`;

/** The median of each page, and the slower of them. */
export async function timeToInteractive({ quick }: { quick: boolean }): Promise<Figure[]> {
  const rounds = quick ? 1 : 5;
  if (findChromium() === null) {
    return [{ figure: "time_to_interactive_ms", value: null, unit: "ms", n: 0, missing: "there is no Chromium here" }];
  }
  const dataDir = makeFolder();
  await seedPlace(dataDir);
  const server = startGapura(dataDir, SETTINGS);
  const browser = await launchChromium();
  try {
    const url = await server.listening();
    const visitor = new Visitor(url, {});
    expectStatus(await visitor.login(SEED_ACCOUNTS[0]?.email ?? ""), 200);
    const figures: Figure[] = [];
    for (const [name, path] of Object.entries(PAGES)) {
      const times: number[] = [];
      // The first load of a page is one that the server has not answered before: it does not count.
      for (let round = quick ? 1 : 0; round <= rounds; round++) {
        const loadMs = await loadOnce(browser, { url, path, cookie: visitor.cookie });
        if (round > 0) times.push(loadMs);
      }
      figures.push({ figure: `${name}_time_to_interactive_ms`, value: median(times), unit: "ms", n: rounds });
    }
    const slower = Math.max(...figures.map(({ value }) => value ?? 0));
    return [...figures, { figure: "time_to_interactive_ms", value: slower, unit: "ms", n: rounds }];
  } finally {
    await browser.close();
    await server.stop();
    removeFolder(dataDir);
  }
}

/** Forty days of use, so that the Dashboard has everything to draw. */
async function seedPlace(dataDir: string): Promise<void> {
  const storage = await openStorage({ dataDir });
  const passwordHash = await createPasswordHasher().hash(PASSWORD);
  const size = { requests: 3_000, days: 40, seed: 3, nowMs: Date.now() };
  await seedDatabase(storage, { ...size, passwordHash, onProgress: () => {} });
  await storage.close();
}

interface Load {
  url: string;
  path: string;
  cookie: string;
}

async function loadOnce(browser: Browser, { url, path, cookie }: Load): Promise<number> {
  const context = await browser.newContext({ ...PHONE, locale: "id-ID" });
  try {
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url }]);
    return await interactiveMs(context, url + path);
  } finally {
    await context.close();
  }
}

async function interactiveMs(context: BrowserContext, address: string): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await page.goto(address, { timeout: TIMEOUT_MS, waitUntil: "commit" });
  return Number(await page.evaluate(INTERACTIVE_MS));
}
