/**
 * Who is calling, as far as the server itself knows. The peer's own address counts; a forwarding header is read only
 * when the peer is a proxy that the operator trusts, only the one header that the operator named, and then from the
 * right, because everything further left was written by somebody else.
 *
 * Failure mode: whatever cannot be read for certain is UNKNOWN_ADDRESS, which no network holds.
 */
import { isLoopbackHost } from "../../config/hosts.ts";
import { type Address, addressText, holds, type Network, parseAddress, parseNetwork } from "../../kernel/networks.ts";

/** The address of a caller that cannot be known: matches nothing. */
export const UNKNOWN_ADDRESS = "unknown";
/** More proxies than anybody has in a row. */
const MAX_HOPS = 32;
/** What proxies write, and what nobody sends who talks to this server directly. */
const FORWARDING_HEADERS = ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip"];

/** Who is at the other end of connections comes again and again, and is read once. */
const MOST_PEERS = 10_000;

/** The other end of a connection; null for what is no address. */
type Peer = { text: string; isTrusted: boolean } | null;

export interface ProxyTrust {
  isTrusted(address: Address): boolean;
  peer(text: string): Peer;
  /** In which the proxies write, lower-case. */
  header: string;
}

/** `networks` is the operator's list of addresses and CIDR networks, which the configuration has checked. */
export function createProxyTrust(networks: readonly string[], header: string): ProxyTrust {
  const trusted = networks.map(parseNetwork).filter((network): network is Network => network !== undefined);
  const isTrusted = (address: Address) => trusted.some((network) => holds(network, address));
  const peers = new Map<string, Peer>();
  const peer = (text: string): Peer => {
    const known = peers.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    const read = address ? { text: addressText(address), isTrusted: isTrusted(address) } : null;
    if (peers.size >= MOST_PEERS) peers.clear();
    peers.set(text, read);
    return read;
  };
  return { isTrusted, peer, header };
}

/** The caller's address in its shortest form, IPv4 inside IPv6 as IPv4; "unknown" when a trusted proxy sent nonsense. */
export function clientAddress(peer: string, headers: Headers, trust: ProxyTrust): string {
  const known = trust.peer(peer);
  if (known === null) return UNKNOWN_ADDRESS;
  if (!known.isTrusted) return known.text;
  const written = headers.get(trust.header);
  if (written === null) return known.text;
  const caller = callerOf(hopsOf(trust.header, written), trust);
  return caller ? addressText(caller) : UNKNOWN_ADDRESS;
}

/** True when somebody who is no trusted proxy sends what only proxies send: they may be one that was not named. */
export function isForwardedByStranger(peer: string, headers: Headers, trust: ProxyTrust): boolean {
  if (trust.peer(peer)?.isTrusted === true) return false;
  return headers.has(trust.header) || FORWARDING_HEADERS.some((header) => headers.has(header));
}

/** True for somebody at this machine who reached the listener directly, by one of its own names. */
export function isLocalVisitor(request: Request, peer: string, listenHost: string): boolean {
  if (!isLoopbackHost(listenHost) || !isLoopbackHost(normalText(peer))) return false;
  if (FORWARDING_HEADERS.some((header) => request.headers.has(header))) return false;
  const host = request.headers.get("host") ?? "";
  return isLoopbackHost(host.replace(/:\d+$/, ""));
}

/** The first address from the right that is no trusted proxy; when all are, the one furthest from here. */
function callerOf(hops: readonly (Address | undefined)[], trust: ProxyTrust): Address | undefined {
  const nearest = hops.slice(-MAX_HOPS).reverse();
  for (const hop of nearest) if (!hop || !trust.isTrusted(hop)) return hop;
  return hops.length > MAX_HOPS ? undefined : nearest.at(-1);
}

/** Every hop that the header names, from far to near; undefined where there is something else than an address. */
function hopsOf(header: string, written: string): (Address | undefined)[] {
  if (header === "x-forwarded-for") return written.split(",").map((hop) => parseAddress(trimmed(hop)));
  if (header === "forwarded") return forwardedElements(written).map(forwardedFor);
  return [parseAddress(trimmed(written))];
}

/** Divided at the commas that stand in no quotes (RFC 7239). */
function forwardedElements(written: string): string[] {
  const elements = [""];
  let isQuoted = false;
  for (const character of written) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === "," && !isQuoted) elements.push("");
    else elements.push((elements.pop() ?? "") + character);
  }
  return elements;
}

/** `for=192.0.2.1`, `for="[2001:db8::1]:4711"`. */
function forwardedFor(element: string): Address | undefined {
  const values = element.split(";").flatMap((pair) => {
    const match = /^[ \t]*for=(?:"([^"\\]*)"|([^" \t]+))[ \t]*$/i.exec(pair);
    return match ? [match[1] ?? match[2] ?? ""] : [];
  });
  const [node = ""] = values.length === 1 ? values : [];
  const match = /^(?:\[([0-9a-f:.]+)\]|(\d[\d.]*))(?::\d{1,5})?$/i.exec(node);
  const address = parseAddress(match?.[1] ?? match?.[2] ?? "");
  // Brackets are for IPv6 alone.
  return match?.[1] !== undefined && !match[1].includes(":") ? undefined : address;
}

function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

function normalText(peer: string): string {
  const address = parseAddress(peer);
  return address ? addressText(address) : UNKNOWN_ADDRESS;
}
