/**
 * Who is calling, as far as the server itself knows. The peer's own address counts; a forwarding header is read only
 * when the peer is a proxy that the operator trusts, and then from the right, because everything further left was
 * written by somebody else.
 */
import ipaddr from "ipaddr.js";
import { isLoopbackHost } from "../../config/hosts.ts";

/** The address of a caller that cannot be known: matches nothing. */
export const UNKNOWN_ADDRESS = "unknown";
const MAX_HOPS = 32;

export interface ProxyTrust {
  isTrusted(address: string): boolean;
}

/** Reads the operator's list of addresses and CIDR networks, which the configuration has checked. */
export function createProxyTrust(networks: readonly string[]): ProxyTrust {
  const ranges = networks.map((network) => {
    if (network.includes("/")) return ipaddr.parseCIDR(network);
    const address = ipaddr.parse(network);
    return [address, address.kind() === "ipv4" ? 32 : 128] as const;
  });
  return {
    isTrusted: (text) => {
      if (!ipaddr.isValid(text)) return false;
      const address = ipaddr.process(text);
      return ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
    },
  };
}

/** The caller's address in its shortest form, IPv4-mapped IPv6 as IPv4; "unknown" when a trusted proxy sent nonsense. */
export function clientAddress(peer: string, forwardedFor: string | null, trust: ProxyTrust): string {
  if (!trust.isTrusted(peer) || forwardedFor === null) return normalAddress(peer);
  const hops = forwardedFor.split(",").slice(-MAX_HOPS);
  for (const hop of hops.reverse()) {
    const address = normalAddress(hop.trim());
    if (address === UNKNOWN_ADDRESS) return UNKNOWN_ADDRESS;
    if (!trust.isTrusted(address)) return address;
  }
  return normalAddress(peer);
}

/** True for somebody at this machine who reached the listener directly, by one of its own names. */
export function isLocalVisitor(request: Request, peer: string, listenHost: string): boolean {
  if (!isLoopbackHost(listenHost) || !isLoopbackAddress(peer)) return false;
  for (const header of ["x-forwarded-for", "forwarded", "x-real-ip"]) if (request.headers.has(header)) return false;
  const host = request.headers.get("host") ?? "";
  return isLoopbackHost(host.replace(/:\d+$/, ""));
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

function normalAddress(text: string): string {
  return ipaddr.isValid(text) ? ipaddr.process(text).toString() : UNKNOWN_ADDRESS;
}
