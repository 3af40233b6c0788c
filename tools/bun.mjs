#!/usr/bin/env node
/**
 * Runs Bun with the given arguments. Node 20 and npm are all a machine needs: Bun's binary comes with npm in a package
 * of its own per platform, and this finds it there, because newer npm versions run no install scripts that would put it
 * in its usual place.
 */
import { spawn } from "node:child_process";
import { existsSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `fetch` handles 256 requests at once unless this is set before Bun starts. */
const MAX_HTTP_REQUESTS = "65336";
/**
 * How long, in milliseconds, the memory allocator keeps what it was given back before the system gets it, and how often it
 * looks through half-used pages for such parts. By itself it does both after each collection of garbage: under load that
 * costs a tenth of all CPU time, and the same memory is needed again at once.
 */
const KEEP_MEMORY_MS = "10000";

const SMALLEST_BINARY_BYTES = 1024 * 1024;

/** Names of the packages that may hold the binary for a platform, best first. */
export function platformPackages({ platform, arch, isMusl }) {
  const cpu = arch === "arm64" ? "aarch64" : arch;
  if (platform === "android") return [`@oven/bun-linux-${cpu}-android`];
  if (platform === "win32") return [`@oven/bun-windows-${cpu}`];
  const plain = `@oven/bun-${platform}-${cpu}`;
  if (platform !== "linux") return [plain];
  return isMusl ? [`${plain}-musl`, plain] : [plain, `${plain}-musl`];
}

/** The path of Bun's binary. Throws an Error that says what to do when no package holds one. */
export function findBun() {
  const { platform, arch } = process;
  const isMusl = platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  const names = platformPackages({ platform, arch, isMusl });
  for (const name of names) {
    const folder = packageFolder(name);
    const binary = folder && join(folder, "bin", platform === "win32" ? "bun.exe" : "bun");
    if (binary && existsSync(binary)) return binary;
  }
  const moved = movedBinary();
  if (moved) return moved;
  throw new Error(
    `Bun is not installed for this platform (looked for ${names.join(", ")}). Run "npm ci" in the project's folder, ` +
      "without --omit=optional.",
  );
}

/** Where the install script of the package `bun` moves the binary to, when scripts ran. Before, a small notice is there. */
function movedBinary() {
  const folder = packageFolder("bun");
  const binary = folder && join(folder, "bin", "bun.exe");
  return binary && existsSync(binary) && statSync(binary).size > SMALLEST_BINARY_BYTES ? binary : undefined;
}

/** Looks where Node does: seen from here first, then from the package `bun`, for installers that nest dependencies. */
function packageFolder(name) {
  const require = createRequire(import.meta.url);
  for (const resolve of [
    (request) => require.resolve(request),
    (request) => createRequire(require.resolve("bun/package.json")).resolve(request),
  ]) {
    try {
      return dirname(resolve(`${name}/package.json`));
    } catch {
      // Not installed there; the next place may have it.
    }
  }
  return undefined;
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
  const own = {
    BUN_CONFIG_MAX_HTTP_REQUESTS: MAX_HTTP_REQUESTS,
    MIMALLOC_PURGE_DELAY: KEEP_MEMORY_MS,
    MIMALLOC_PURGE_HOLES_MIN_INTERVAL: KEEP_MEMORY_MS,
  };
  const env = { ...own, ...process.env };
  const child = spawn(binary, args, { stdio: "inherit", env });
  handSignalsTo(child);
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

/**
 * A terminal sends Ctrl-C to every process in the foreground, so Bun already has it: sent once more, it would count as
 * the second signal, the one that ends a server without letting it finish its answers.
 */
function handSignalsTo(child) {
  const inTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on("SIGINT", () => inTerminal || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
}

const isStartedDirectly = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isStartedDirectly) runBun(process.argv.slice(2));
