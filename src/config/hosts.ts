/** What the configured names and addresses mean: who can reach them, and which URL leads to them. */
import { isIP, isIPv6 } from "node:net";

const WILDCARDS = new Set(["0.0.0.0", "::"]);

/** True for a host that only this machine can reach: `localhost`, `*.localhost`, 127.0.0.0/8 and `::1`. */
export function isLoopbackHost(host: string): boolean {
  const name = withoutBrackets(host).toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  if (isIP(name) === 4) return name.startsWith("127.");
  return /^(?:0{0,4}:){2,7}0{0,3}1$/.test(name) && isIPv6(name);
}

/**
 * The address to bind for a configured host. `localhost` binds 127.0.0.1, so that what answers never depends on how
 * the machine resolves the name.
 */
export function listenAddress(host: string): string {
  const name = withoutBrackets(host);
  return name.toLowerCase() === "localhost" ? "127.0.0.1" : name;
}

/** True where strangers may come: the listener is not on loopback alone, or a proxy in front of it has another name. */
export function isReachable({ host, baseUrl }: { host: string; baseUrl: string }): boolean {
  return !isLoopbackHost(host) || !isLoopbackHost(new URL(baseUrl).hostname);
}

/** The URL a person on this machine opens for a listener on `host`, without a trailing slash. */
export function urlOfListener(host: string, port: number): string {
  const name = withoutBrackets(host);
  const isPlainLoopback = isLoopbackHost(name) && !isIPv6(name);
  if (isPlainLoopback || WILDCARDS.has(name)) return `http://localhost:${port}`;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}

/**
 * `config` with the port that the system really gave. Only a base URL that was made from PORT=0 changes; one that the
 * operator wrote stays as written.
 */
export function withActualPort<Settings extends { port: number; baseUrl: string }>(
  config: Settings,
  actualPort: number,
): Settings {
  if (config.port !== 0) return config;
  return { ...config, port: actualPort, baseUrl: config.baseUrl.replace(/:0$/, `:${actualPort}`) };
}

export function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
