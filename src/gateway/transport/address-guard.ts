/**
 * Decides whether the gateway may connect to a host, and to which of its addresses. Only global unicast addresses are
 * allowed; loopback, private, link-local, metadata, mapped and tunnelled forms need an explicit `host:port` from the
 * operator. Works on the parsed URL and on resolved addresses, never on text as it was typed.
 *
 * Invariant: what is checked is what is connected to. A host is resolved here and nowhere else; the caller connects to
 * one of the addresses it is given, so a name that changes its answer afterwards changes nothing.
 * Failure modes: a name that cannot be resolved is refused, unless it was resolved not long ago: then the addresses
 * that were checked stay in use while the resolver is away.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isGlobalUnicast } from "./global-unicast.ts";

export type GuardVerdict =
  /** Checked addresses, the one to try first in front. Never empty. */
  | { allowed: true; addresses: readonly string[] }
  /** `isUnknown`: the name leads nowhere now, which may pass. Otherwise the place is forbidden. */
  | { allowed: false; isUnknown: boolean; reason: string };

interface Checked {
  addresses: string[];
  checkedAtMs: number;
}

/** From then on a host is resolved again, in the background. */
const FRESH_MS = 30_000;
/** From then on nobody is sent to an old address any more. */
const USABLE_MS = 10 * 60_000;
/** Addresses of one host that are tried; more only delay the answer that nobody is there. */
const MAX_ADDRESSES = 4;
/** Hosts are those of configured providers, so there are few; this only bounds a mistake. */
const MAX_HOSTS = 1_000;

export class AddressGuard {
  readonly #allowPrivate: ReadonlySet<string>;
  readonly #resolve: (host: string) => Promise<string[]>;
  readonly #nowMs: () => number;
  readonly #checked = new Map<string, Checked>();
  readonly #checking = new Map<string, Promise<GuardVerdict>>();

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

  /** Where to connect for this URL; at once when its host was checked a moment ago. Never throws or rejects. */
  locate(url: URL): GuardVerdict | Promise<GuardVerdict> {
    const known = this.#checked.get(placeOf(url));
    if (known === undefined) return this.check(url);
    const ageMs = this.#nowMs() - known.checkedAtMs;
    if (ageMs >= USABLE_MS) return this.check(url);
    if (ageMs >= FRESH_MS) void this.check(url);
    return { allowed: true, addresses: known.addresses };
  }

  /** Resolves and checks anew: scheme, userinfo and every address of the host. Never rejects. */
  check(url: URL): Promise<GuardVerdict> {
    const place = placeOf(url);
    const running = this.#checking.get(place);
    if (running) return running;
    const checking = this.#judge(url, place).finally(() => this.#checking.delete(place));
    this.#checking.set(place, checking);
    return checking;
  }

  /** Nobody answered there: the host's other addresses are tried first from now on. */
  demote(url: URL, address: string): void {
    const known = this.#checked.get(placeOf(url));
    if (known?.addresses[0] !== address) return;
    known.addresses = [...known.addresses.slice(1), address];
  }

  async #judge(url: URL, place: string): Promise<GuardVerdict> {
    if (url.protocol !== "https:" && url.protocol !== "http:") return refuse(`${url.protocol} is not http or https`);
    if (url.username !== "" || url.password !== "") return refuse("the address holds a user name or password");
    const host = hostOf(url);
    const hostAndPort = hostAndPortOf(url);
    let addresses: string[];
    try {
      addresses = isIP(host) === 0 ? await this.#resolve(host) : [host];
    } catch {
      // A resolver that is away says nothing about the host: what was checked stays usable until it is too old.
      return { allowed: false, isUnknown: true, reason: `${host} cannot be resolved` };
    }
    const verdict = this.#verdict({ host, hostAndPort, addresses });
    if (verdict.allowed) return { allowed: true, addresses: this.#remember(place, verdict.addresses) };
    this.#checked.delete(place);
    return verdict;
  }

  #verdict(found: { host: string; hostAndPort: string; addresses: readonly string[] }): GuardVerdict {
    const { host, hostAndPort, addresses } = found;
    if (addresses.length === 0) return { allowed: false, isUnknown: true, reason: `${host} has no address` };
    const strange = addresses.find((address) => isIP(address) === 0);
    if (strange !== undefined) return refuse(`${host} resolves to something that is no address`);
    const hidden = addresses.find((address) => !isGlobalUnicast(address));
    if (hidden === undefined || this.#allowPrivate.has(hostAndPort)) return { allowed: true, addresses };
    const how = `If it is meant, allow it with ALLOW_PRIVATE_UPSTREAM=${hostAndPort}`;
    return refuse(`${host} is a private or reserved address (${hidden}). ${how}`);
  }

  /** The address in use stays in front while the host still has it, so that its open connections stay in use. */
  #remember(place: string, found: readonly string[]): string[] {
    const current = this.#checked.get(place)?.addresses[0];
    const byFamily = found.toSorted((one, other) => isIP(one) - isIP(other));
    const inUseFirst = byFamily.sort((one, other) => Number(other === current) - Number(one === current));
    const addresses = inUseFirst.slice(0, MAX_ADDRESSES);
    if (this.#checked.size >= MAX_HOSTS && !this.#checked.has(place)) this.#checked.clear();
    this.#checked.set(place, { addresses, checkedAtMs: this.#nowMs() });
    return addresses;
  }
}

/** The host without brackets and without the dot that marks a name as complete. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

/** As an operator names a place that may be private. */
export function hostAndPortOf(url: URL): string {
  return `${hostOf(url)}:${portOf(url)}`;
}

function portOf(url: URL): string {
  return url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
}

/** What a verdict is kept under: everything that decides about it. */
function placeOf(url: URL): string {
  return url.username === "" && url.password === "" ? url.origin : url.href;
}

function refuse(reason: string): GuardVerdict {
  return { allowed: false, isUnknown: false, reason };
}

async function resolveAll(host: string): Promise<string[]> {
  const answers = await lookup(host, { all: true });
  return answers.map((answer) => answer.address);
}
