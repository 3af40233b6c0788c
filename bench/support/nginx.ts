/** nginx as a reverse proxy: what passing a request on costs in a program that does nothing else. */
import { existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { descendantsOf } from "./process-stats.ts";
import { makeFolder, type Running, start } from "./processes.ts";

const USUAL_PLACES = [
  "/usr/sbin/nginx",
  "/usr/local/sbin/nginx",
  "/usr/local/nginx/sbin/nginx",
  "/opt/homebrew/bin/nginx",
];

export type NginxFound = { path: string } | { missing: string };

/**
 * The program's path. In a container of Debian's family, as root, it is installed when it is missing; elsewhere it is
 * not, because the package also starts a web server on port 80.
 */
export async function findNginx(note: (line: string) => void): Promise<NginxFound> {
  const found = locate();
  if (found !== undefined) return { path: found };
  const advice = "nginx is not installed; install it (Debian: apt-get install nginx-light) and run this again";
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null || existsSync("/run/systemd/system"))
    return { missing: advice };
  note("Installing nginx through apt-get, to compare with it.");
  const script = "apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light";
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = Bun.spawn(["sh", "-c", script], { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [errors] = await Promise.all([install.stderr.text(), install.exited]);
  const installed = locate();
  if (installed !== undefined) return { path: installed };
  return { missing: `${advice} (apt-get said: ${errors.trim().split("\n").at(-1) ?? "nothing"})` };
}

function locate(): string | undefined {
  return Bun.which("nginx") ?? USUAL_PLACES.find((path) => existsSync(path));
}

/** Starts nginx with one worker and kept connections on both sides. `workers` are the processes that do the work. */
export async function startNginx(
  path: string,
  upstream: string,
  core?: number,
): Promise<{ url: string; server: Running; workers: number[] }> {
  const folder = makeFolder();
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port, new URL(upstream).host));
  const server = start({ name: "nginx", command: [path, "-p", folder, "-c", file, "-e", "stderr"], core });
  let isOver = false;
  void server.exited.then(() => {
    isOver = true;
  });
  while (!(await accepts(port))) {
    if (isOver) throw new Error(`nginx did not start:\n${server.lastWords()}`);
    await Bun.sleep(20);
  }
  return { url: `http://127.0.0.1:${port}`, server, workers: descendantsOf(server.pid) };
}

function configuration(folder: string, port: number, upstream: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
${process.getuid?.() === 0 ? "user root;" : ""}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  keepalive_requests 100000000;
  client_body_buffer_size 64k;
  upstream provider {
    server ${upstream};
    keepalive 256;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}

export async function freePort(): Promise<number> {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = server;
  server.stop(true);
  return port;
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
