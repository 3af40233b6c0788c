/** Where a Chromium that runs headless is on this machine. */
import { existsSync } from "node:fs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The path of a working Chromium, or null. `GAPURA_TEST_CHROMIUM` names another one. Each is asked for its version,
 * because some systems put a script in its place that only says how to install it.
 */
export function findChromium(): string | null {
  const named = process.env.GAPURA_TEST_CHROMIUM;
  if (named !== undefined && named !== "") return named;
  for (const name of NAMES) {
    const path = Bun.which(name);
    if (path !== null && isBrowser(path)) return path;
  }
  return APPLICATIONS.find((path) => existsSync(path)) ?? null;
}

function isBrowser(path: string): boolean {
  const asked = Bun.spawnSync([path, "--version"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: 20_000,
  });
  return asked.exitCode === 0 && /\d+\.\d+/.test(asked.stdout.toString());
}
