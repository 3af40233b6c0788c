/**
 * IP addresses and networks, read strictly and compared bit by bit.
 *
 * Invariants: an address has one form only, so IPv4 inside IPv6 (`::ffff:192.0.2.1`) is IPv4; what two programs could
 * read differently (leading zeros, hexadecimal parts, fewer than four parts, zones) is no address at all; a network of
 * IPv6 holds no IPv4 address, not even `::/0`.
 */

/** In groups of 16 bits: two for IPv4, eight for IPv6. */
export type Address = readonly number[];

export interface Network {
  /** The bits that are not fixed are zero. */
  readonly first: Address;
  /** How many bits are fixed. */
  readonly bits: number;
}

const GROUP_BITS = 16;
const V4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const V6_GROUP = /^[0-9a-f]{1,4}$/i;
const LONGEST_ADDRESS = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;
const MAPPED_BITS = 96;

/** Undefined for everything that is not exactly one address. */
export function parseAddress(text: string): Address | undefined {
  const groups = readGroups(text);
  return groups && isMapped(groups) ? groups.slice(-2) : groups;
}

/** An address, or an address with the number of its fixed bits behind a slash. Undefined for everything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const groups = readGroups(slash === -1 ? text : text.slice(0, slash));
  if (!groups) return undefined;
  const longest = groups.length * GROUP_BITS;
  const bits = slash === -1 ? longest : readBits(text.slice(slash + 1), longest);
  if (bits === undefined) return undefined;
  if (isMapped(groups) && bits >= MAPPED_BITS) return network(groups.slice(-2), bits - MAPPED_BITS);
  return network(groups, bits);
}

/** Whether the address lies in the network. */
export function holds({ first, bits }: Network, address: Address): boolean {
  if (first.length !== address.length) return false;
  return first.every((group, index) => group === ((address[index] ?? 0) & maskOf(index, bits)));
}

/** The shortest form: `192.0.2.1`, `2001:db8::1`. */
export function addressText(address: Address): string {
  if (address.length === 2) return address.flatMap((group) => [group >> 8, group & 255]).join(".");
  const hex = address.map((group) => group.toString(16));
  const { start, length } = longestZeroRun(address);
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** `10.0.0.0/8`; a network of one address is that address. */
export function networkText({ first, bits }: Network): string {
  const isOne = bits === first.length * GROUP_BITS;
  return isOne ? addressText(first) : `${addressText(first)}/${bits}`;
}

/** The network that one subscriber usually has: /24 of IPv4, /48 of IPv6. */
export function neighbourhood(address: Address): Network {
  return network(address, address.length === 2 ? 24 : 48);
}

function network(groups: readonly number[], bits: number): Network {
  return { first: groups.map((group, index) => group & maskOf(index, bits)), bits };
}

/** Which bits of a group are fixed. */
function maskOf(index: number, bits: number): number {
  const fixed = Math.min(GROUP_BITS, Math.max(0, bits - index * GROUP_BITS));
  return (0xffff << (GROUP_BITS - fixed)) & 0xffff;
}

function readBits(text: string, longest: number): number | undefined {
  const bits = /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : Number.NaN;
  return bits <= longest ? bits : undefined;
}

/** The groups as they are written: two for IPv4, eight for IPv6. */
function readGroups(text: string): number[] | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  return text.includes(":") ? readV6(text) : readV4(text);
}

function readV4(text: string): number[] | undefined {
  const parts = V4.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  return [a * 256 + b, c * 256 + d];
}

function readV6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => readHalf(half, index === halves.length - 1));
  if (!head) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (!tail) return undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...new Array(missing).fill(0), ...tail];
}

/** Only the end of an address may be written as IPv4. */
function readHalf(half: string, isLast: boolean): number[] | undefined {
  if (half === "") return [];
  const parts = half.split(":");
  const end = isLast && parts.at(-1)?.includes(".") ? readV4(parts.pop() ?? "") : [];
  if (!end || !parts.every((part) => V6_GROUP.test(part))) return undefined;
  return [...parts.map((part) => Number.parseInt(part, 16)), ...end];
}

function isMapped(groups: readonly number[]): boolean {
  return groups.length === 8 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** The first of the longest runs of zero groups, which `::` stands for. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index - start + 1 > best.length) best = { start, length: index - start + 1 };
  }
  return best;
}
