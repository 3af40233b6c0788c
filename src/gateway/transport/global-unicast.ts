/** Which addresses belong to the public internet. */
import ipaddr from "ipaddr.js";

/**
 * Networks that ipaddr.js counts as ordinary unicast and that are none: they are answered by something beside the
 * public internet. 168.63.129.16 is the host of an Azure virtual machine, reachable only from inside of it.
 */
const NOT_PUBLIC = [
  "168.63.129.16/32",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.175.48.0/24",
  "2001::/23",
  "2620:4f:8000::/48",
  "3fff::/20",
].map((network) => ipaddr.parseCIDR(network));

/** True for an address of the public internet. Mapped, tunnelled and translated IPv6 forms are not, nor are zones. */
export function isGlobalUnicast(address: string): boolean {
  if (address.includes("%") || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (NOT_PUBLIC.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits)))
    return false;
  // Of IPv6 only 2000::/3 is handed out; the rest holds forms such as ::7f00:1 that stand for an IPv4 address.
  return parsed.kind() === "ipv4" || ((parsed.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}
