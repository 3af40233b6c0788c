#!/usr/bin/env node
/**
 * Runs Bun with the given arguments. Node 20 and npm are all a machine needs: Bun's binary comes with npm in a package
 * of its own per platform, and this finds it there, because newer npm versions run no install scripts that would put it
 * in its usual place.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** `fetch` handles 256 requests at once unless this is set before Bun starts. */
const MAX_HTTP_REQUESTS = "65336";

/** Names of the packages that may hold the binary for a platform, best first. */
export function platformPackages(platform, arch, isMusl) {
  const cpu = arch === "arm64" ? "aarch64" : "x64";
  const system = platform === "win32" ? "windows" : platform;
  const plain = `@oven/bun-${system}-${cpu}`;
  if (system !== "linux") return [plain];
  return isMusl ? [`${plain}-musl`, plain] : [plain, `${plain}-musl`];
}

/** The path of Bun's binary. Throws an Error with what to do when no package holds one. */
export function findBun() {
  const require = createRequire(import.meta.url);
  const isMusl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  const names = platformPackages(process.platform, process.arch, isMusl);
  for (const name of names) {
    try {
      const folder = dirname(require.resolve(`${name}/package.json`));
      return join(folder, "bin", process.platform === "win32" ? "bun.exe" : "bun");
    } catch {
      // Not installed; the next one may be.
    }
  }
  throw new Error(`Bun is not installed for this platform (looked for ${names.join(", ")}). Run "npm ci" first.`);
}

/** Starts Bun with `args`, hands signals on, and ends this process as Bun ends. */
export function runBun(args) {
  let binary;
  try {
    binary = findBun();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const env = { BUN_CONFIG_MAX_HTTP_REQUESTS: MAX_HTTP_REQUESTS, ...process.env };
  const child = spawn(binary, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`Bun could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) runBun(process.argv.slice(2));
