/**
 * Builds the dashboard into web/dist when its sources are not those it was built from. Looking costs a few
 * milliseconds; a failed build leaves the former one in place.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const STAMP = ".built-from";
/** Everything that ends up in the bundle, or decides how it is made. */
const SOURCES = [
  "web/src",
  "web/public",
  "web/index.html",
  "web/vite.config.ts",
  "src/contract",
  "src/kernel",
  "package-lock.json",
];

/** Fills the folder `outDir` with the dashboard. Resolves to the bundler's complaints, or null when all is well. */
export type Bundle = (root: string, outDir: string) => Promise<string | null>;

export interface BuildOptions {
  /** Build even when nothing changed. */
  force?: boolean;
  root?: string;
  bundle?: Bundle;
}

/** `absent`: there are no sources here (a published package), so what is in web/dist is what there is. */
export type BuildOutcome = "fresh" | "built" | "failed" | "absent";

/** Says on standard error what it does; says nothing when there is nothing to do. */
export async function buildWeb(options: BuildOptions = {}): Promise<BuildOutcome> {
  const { force = false, root = dirname(import.meta.dir), bundle = bundleWithVite } = options;
  if (!existsSync(join(root, "web/index.html"))) return "absent";
  const dist = join(root, "web/dist");
  const wanted = fingerprint(root);
  if (!force && builtFrom(dist) === wanted) return "fresh";

  const startedMs = performance.now();
  process.stderr.write("Building the dashboard … ");
  const fresh = `${dist}.${process.pid}`;
  const complaints = await bundle(root, fresh);
  if (complaints !== null) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write(`failed:\n${complaints}\n`);
    return "failed";
  }
  writeFileSync(join(fresh, STAMP), wanted);
  replace(dist, fresh);
  process.stderr.write(`done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
  return "built";
}

/** A hash over the names and contents of all sources. Times do not count: a checkout changes them, and builds nothing. */
export function fingerprint(root: string): string {
  const hash = createHash("sha256");
  const visit = (relative: string): void => {
    const path = join(root, relative);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return;
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(relative, name));
    else hash.update(`${relative}\0${stats.size}\0`).update(readFileSync(path));
  };
  for (const source of SOURCES) visit(source);
  return hash.digest("hex");
}

function builtFrom(dist: string): string | null {
  const stamp = join(dist, STAMP);
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : null;
}

/** Two renames: a reader sees the former dashboard or the new one, never half of either. */
function replace(dist: string, fresh: string): void {
  const former = `${fresh}.former`;
  if (existsSync(dist)) renameSync(dist, former);
  renameSync(fresh, dist);
  rmSync(former, { recursive: true, force: true });
}

async function bundleWithVite(root: string, outDir: string): Promise<string | null> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  if (!existsSync(vite)) return 'Vite is not installed. Run "npm ci" in the project\'s folder, without --omit=dev.';
  const config = join(root, "web/vite.config.ts");
  const child = Bun.spawn(
    [process.execPath, vite, "build", "--config", config, "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"],
    {
      cwd: join(root, "web"),
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, NODE_ENV: "production" },
    },
  );
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return child.exitCode === 0 ? null : `${output}${errors}`.trim();
}

if (import.meta.main) {
  const outcome = await buildWeb({ force: process.argv.includes("--force") });
  if (outcome === "fresh") process.stderr.write("The dashboard is up to date.\n");
  if (outcome === "absent") process.stderr.write("There is no dashboard to build: web/index.html is missing.\n");
  process.exitCode = outcome === "failed" ? 1 : 0;
}
