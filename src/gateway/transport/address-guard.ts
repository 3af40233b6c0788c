/**
 * Decides whether the gateway may connect to an address. Only global unicast addresses are allowed; loopback, private,
 * link-local, metadata, mapped and tunnelled forms need an explicit `host:port` from the operator. Works on the parsed
 * URL and on resolved addresses, never on text as it was typed.
 */
import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";

export type GuardVerdict = { allowed: true } | { allowed: false; reason: string };

/** How long a host's clean verdict is kept. */
const VERDICT_TTL_MS = 60_000;

export class AddressGuard {
  readonly #allowPrivate: ReadonlySet<string>;
  readonly #resolve: (host: string) => Promise<string[]>;
  readonly #nowMs: () => number;
  readonly #cleanUntil = new Map<string, number>();

  /** `allowPrivate` holds `host:port` entries that may be private; `resolve` gives all addresses of a host. */
  constructor(options: {
    allowPrivate: Iterable<string>;
    resolve?: (host: string) => Promise<string[]>;
    nowMs?: () => number;
  }) {
    this.#allowPrivate = new Set(options.allowPrivate);
    this.#resolve = options.resolve ?? resolveAll;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /** True without asking anybody when this host was checked a moment ago. */
  isKnownClean(url: URL): boolean {
    return (this.#cleanUntil.get(url.host) ?? 0) > this.#nowMs();
  }

  /** Checks scheme, userinfo and every address the host resolves to. Never throws. */
  async check(url: URL): Promise<GuardVerdict> {
    const verdict = await this.#judge(url);
    if (verdict.allowed) this.#cleanUntil.set(url.host, this.#nowMs() + VERDICT_TTL_MS);
    else this.#cleanUntil.delete(url.host);
    return verdict;
  }

  async #judge(url: URL): Promise<GuardVerdict> {
    if (url.protocol !== "https:" && url.protocol !== "http:") return refuse(`${url.protocol} is not http or https`);
    if (url.username !== "" || url.password !== "") return refuse("the address holds a user name or password");
    const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (this.#allowPrivate.has(`${host}:${port}`)) return { allowed: true };
    const literal = ipaddr.isValid(host) ? [host] : undefined;
    let addresses: string[];
    try {
      addresses = literal ?? (await this.#resolve(host));
    } catch {
      return refuse(`${host} cannot be resolved`);
    }
    if (addresses.length === 0) return refuse(`${host} has no address`);
    const hidden = addresses.find((address) => !isGlobalUnicast(address));
    if (hidden === undefined) return { allowed: true };
    return refuse(
      `${host} is a private or reserved address (${hidden}). If it is meant, allow it with ALLOW_PRIVATE_UPSTREAM=${host}:${port}`,
    );
  }
}

/** True for an address of the public internet. Mapped, tunnelled and translated IPv6 forms are not. */
export function isGlobalUnicast(address: string): boolean {
  const bare = address.split("%")[0] ?? "";
  if (bare !== address || !ipaddr.isValid(bare)) return false;
  const parsed = ipaddr.parse(bare);
  if (parsed.range() !== "unicast") return false;
  // Of IPv6 only 2000::/3 is handed out; the rest holds forms such as ::7f00:1 that stand for an IPv4 address.
  return parsed.kind() === "ipv4" || ((parsed.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}

function refuse(reason: string): GuardVerdict {
  return { allowed: false, reason };
}

async function resolveAll(host: string): Promise<string[]> {
  const answers = await lookup(host, { all: true });
  return answers.map((answer) => answer.address);
}
