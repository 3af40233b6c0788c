/**
 * Builds the dashboard when its sources are newer than what was built. Looking costs a few milliseconds; a failed build
 * leaves the former one in place.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "web/dist");
const STAMP = ".built-from";
/** Everything that ends up in the bundle, or decides how it is made. */
const SOURCES = ["web/src", "web/public", "web/index.html", "web/vite.config.ts", "src/contract", "src/kernel", "package-lock.json"];

/** Resolves to false when a build was needed and failed. */
export async function buildWeb(options: { force: boolean }): Promise<boolean> {
  const wanted = fingerprint(ROOT, SOURCES);
  if (!options.force && builtFrom(DIST) === wanted) return true;
  const startedMs = performance.now();
  const fresh = join(ROOT, `web/dist.${process.pid}`);
  const vite = Bun.spawn(
    [process.execPath, join(ROOT, "node_modules/vite/bin/vite.js"), "build", "--config", join(ROOT, "web/vite.config.ts"), "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"],
    { cwd: join(ROOT, "web"), stdout: "inherit", stderr: "inherit", env: { ...process.env, NODE_ENV: "production" } },
  );
  if ((await vite.exited) !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write("The dashboard could not be built; the messages above say why.\n");
    return false;
  }
  writeFileSync(join(fresh, STAMP), wanted);
  const old = join(ROOT, `web/dist.${process.pid}.old`);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(fresh, DIST);
  rmSync(old, { recursive: true, force: true });
  process.stderr.write(`Dashboard built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
  return true;
}

/** A hash over names, sizes and times of all files: any edit changes it, and no file needs to be read. */
export function fingerprint(root: string, sources: readonly string[]): string {
  const hash = createHash("sha256");
  const visit = (relative: string): void => {
    const path = join(root, relative);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return;
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(relative, name));
    else hash.update(`${relative}\0${stats.size}\0${Math.trunc(stats.mtimeMs)}\n`);
  };
  for (const source of sources) visit(source);
  return hash.digest("hex");
}

function builtFrom(dist: string): string | null {
  const stamp = join(dist, STAMP);
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : null;
}

if (import.meta.main) process.exit((await buildWeb({ force: process.argv.includes("--force") })) ? 0 : 1);
