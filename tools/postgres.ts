/**
 * A PostgreSQL of the test run's own: made in a temporary folder, thrown away afterwards.
 *
 * Invariants: it listens on 127.0.0.1 and on a socket in its folder only; no server that was there before is touched;
 * it ends, and its folder is removed, whenever the process that started it ends, however that happens.
 * Failure modes: PostgresError with a sentence when no user can be found to run it as, or when it does not start.
 */
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Subprocess } from "bun";

const DEBIAN_FOLDER = "/usr/lib/postgresql";
const OTHER_FOLDERS = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/pgsql/bin"];
const NEEDED = ["initdb", "postgres"];
const START_TRIES = 3;
const USER = "gapura";

/** Nothing in it outlives the run, so nothing has to survive a power cut. Messages are English whatever the machine speaks. */
const SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=200",
  "listen_addresses=127.0.0.1",
  "lc_messages=C",
];

/**
 * Runs the server as its child and keeps an eye on its own standard input: when that closes, because whoever started
 * it closed it or is dead, the server is ended. Then the folder goes. Keyboard signals are for others.
 */
const KEEPER = `
trap '' INT TERM HUP
folder=$1
shift
exec 3<&0
"$@" </dev/null &
server=$!
( cat <&3; kill -INT $server ) >/dev/null 2>&1 &
wait $server
cd /
rm -rf "$folder"
`;

export interface Postgres {
  /** `postgres://…` of a database that exists, as a user who may create others. */
  url: string;
  /** Resolves when the server has ended and its folder is gone. */
  stop(): Promise<void>;
}

export class PostgresError extends Error {
  override readonly name = "PostgresError";
}

/** The folder with the newest complete set of PostgreSQL's server programs, or null. */
export function findPostgres(): string | null {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER) : [];
  const debian = newestFirst(versions).map((version) => join(DEBIAN_FOLDER, version, "bin"));
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...debian, ...OTHER_FOLDERS];
  return folders.find((folder) => folder !== "" && NEEDED.every((name) => existsSync(join(folder, name)))) ?? null;
}

/** Folder names such as `9.6` and `15`, the newest version first; other names are left out. */
export function newestFirst(names: readonly string[]): string[] {
  return names.filter((name) => /^\d+(?:\.\d+)?$/.test(name)).sort((a, b) => Number(b) - Number(a));
}

/** Makes and starts a server from the programs in `binaries`. Throws PostgresError. */
export async function startPostgres(binaries: string): Promise<Postgres> {
  const account = unprivilegedAccount();
  for (let tries = 1; ; tries++) {
    const folder = mkdtempSync(join(tmpdir(), "gapura-postgres-"));
    try {
      if (account !== null) chownSync(folder, account.uid, account.gid);
      initialise(binaries, { folder, account });
      return await start(binaries, { folder, account });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      // Between the choice of a port and the server's start, somebody else may have taken it.
      if (tries === START_TRIES) throw error;
    }
  }
}

interface Place {
  folder: string;
  account: Account | null;
}

interface Account {
  uid: number;
  gid: number;
}

function initialise(binaries: string, { folder, account }: Place): void {
  const options = ["--no-sync", "--auth=trust", `--username=${USER}`, "--encoding=UTF8", "--locale=C"];
  const command = [join(binaries, "initdb"), "-D", join(folder, "data"), ...options];
  const made = Bun.spawnSync(asAccount(command, account), {
    cwd: folder,
    stdout: "pipe",
    stderr: "pipe",
    env: environment(),
  });
  if (made.exitCode !== 0) throw new PostgresError(`initdb failed:\n${made.stdout}${made.stderr}`.trim());
}

async function start(binaries: string, { folder, account }: Place): Promise<Postgres> {
  const port = await freePort();
  const settings = [...SETTINGS, `port=${port}`, `unix_socket_directories=${folder}`].flatMap((setting) => [
    "-c",
    setting,
  ]);
  const command = [join(binaries, "postgres"), "-D", join(folder, "data"), ...settings];
  const keeper = Bun.spawn(["/bin/sh", "-c", KEEPER, "sh", folder, ...asAccount(command, account)], {
    cwd: folder,
    detached: true,
    stdin: "pipe",
    stdout: "ignore",
    stderr: "pipe",
    env: environment(),
  });
  const stop = async () => {
    await keeper.stdin.end();
    await keeper.exited;
  };
  const output = await readUntilReady(keeper);
  if (output !== null) {
    await stop();
    throw new PostgresError(`PostgreSQL did not start:\n${output}`);
  }
  return { url: `postgres://${USER}@127.0.0.1:${port}/postgres`, stop };
}

/** Null when the server accepts connections, else what it said before it ended. Goes on reading, so that it never waits. */
function readUntilReady(keeper: Subprocess<"pipe", "ignore", "pipe">): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const read = async () => {
      let output = "";
      let isReady = false;
      const decoder = new TextDecoder();
      for await (const bytes of keeper.stderr) {
        if (isReady) continue;
        output += decoder.decode(bytes, { stream: true });
        isReady = output.includes("ready to accept connections");
        if (isReady) resolve(null);
      }
      resolve(output.trim());
    };
    read().catch(reject);
  });
}

/** PostgreSQL refuses to run as root. Null when this process is not root; else the user to become. */
function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  if (Bun.which("setpriv") === null) {
    throw new PostgresError("PostgreSQL refuses to run as root. Run the tests as an ordinary user.");
  }
  const account = accountIn(readFileSync("/etc/passwd", "utf8"));
  if (account === null) throw new PostgresError("There is no user postgres or nobody to run PostgreSQL as.");
  return account;
}

/** The ids of `postgres`, else of `nobody`, in the text of /etc/passwd. */
export function accountIn(passwd: string): Account | null {
  for (const name of ["postgres", "nobody"]) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m").exec(passwd) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

function asAccount(command: readonly string[], account: Account | null): string[] {
  if (account === null) return [...command];
  return ["setpriv", `--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--", ...command];
}

function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
