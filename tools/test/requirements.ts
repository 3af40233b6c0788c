/**
 * What the tests need beside npm's packages: PostgreSQL's programs, Chromium, curl. What is missing is installed where
 * that can be done without asking (as root, with apt-get); elsewhere a sentence says what to install. Nothing is skipped.
 */
import { findChromium } from "../chromium.ts";
import { findPostgres } from "../postgres.ts";

export interface Requirements {
  /** The folder of PostgreSQL's programs. */
  postgres: string;
  /** Null when no test of the run needs a browser. */
  chromium: string | null;
}

interface Need {
  what: string;
  /** Names of Debian's packages. */
  packages: string[];
  isThere(): boolean;
}

/** Thrown with all that is missing and what to do about it. */
export class MissingRequirement extends Error {
  override readonly name = "MissingRequirement";
}

export async function requireTools({ browser }: { browser: boolean }): Promise<Requirements> {
  let postgres = findPostgres();
  let chromium = browser ? findChromium() : null;
  const needs: Need[] = [
    {
      what: "the PostgreSQL server programs (initdb, postgres)",
      packages: ["postgresql"],
      isThere: () => postgres !== null,
    },
    {
      what: "Chromium or Google Chrome",
      packages: ["chromium", "fonts-liberation"],
      isThere: () => chromium !== null || !browser,
    },
    { what: "curl", packages: ["curl", "ca-certificates"], isThere: () => Bun.which("curl") !== null },
  ];
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length > 0) {
    const problem = await install(missing.flatMap(({ packages }) => packages));
    postgres ??= findPostgres();
    chromium ??= browser ? findChromium() : null;
    const still = missing.filter((need) => !need.isThere()).map(({ what }) => what);
    if (still.length > 0) throw new MissingRequirement(advice(still, problem));
  }
  if (postgres === null) throw new MissingRequirement(advice(["PostgreSQL"], null));
  return { postgres, chromium };
}

/** The sentence for the person who started the tests. */
export function advice(missing: readonly string[], problem: string | null): string {
  const reason = problem === null ? "" : ` (${problem})`;
  return (
    `The tests need ${missing.join(", ")}, and could not install what is missing${reason}. ` +
    "On Debian: apt-get install postgresql chromium curl. On macOS: brew install postgresql, and Google Chrome. " +
    "Elsewhere install PostgreSQL 13 or newer, a Chromium that is no snap, and curl, so that they are in PATH."
  );
}

/** Null when apt-get did it, else why not. */
async function install(packages: readonly string[]): Promise<string | null> {
  if (Bun.which("apt-get") === null) return "there is no apt-get here";
  if (process.getuid?.() !== 0) return "only root may";
  console.log(`Installing ${packages.join(", ")} …`);
  const options = ["-qq", "-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"];
  // Lists that cannot be renewed may still be good enough, so only the second command decides.
  await aptGet([...options, "update"]);
  return aptGet([...options, "install", "--yes", "--no-install-recommends", ...packages]);
}

async function aptGet(args: readonly string[]): Promise<string | null> {
  const child = Bun.spawn(["apt-get", ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code === 0) return null;
  const said = `${output}\n${errors}`.split("\n").filter((line) => /^(?:E|Err|W):|^Err/.test(line));
  return `apt-get ended with ${code}: ${said.slice(0, 3).join(" ") || errors.trim().slice(-300)}`;
}
