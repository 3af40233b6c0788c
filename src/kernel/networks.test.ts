import { expect, test } from "bun:test";
import { isIP } from "node:net";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { addressText, holds, neighbourhood, networkText, parseAddress, parseNetwork } from "./networks.ts";

const CASES = 100_000;

/** An address as one number, and how long it is; IPv4 inside IPv6 is IPv4. */
function asNumber(text: string): { value: bigint; bits: number } {
  if (!text.includes(":")) {
    return { value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
  }
  const [head = "", tail] = text.split("::");
  const groups = (half: string) => (half === "" ? [] : half.split(":"));
  const before = groups(head);
  const after = groups(tail ?? "");
  const zeros = tail === undefined ? [] : new Array(8 - before.length - after.length).fill("0");
  const value = [...before, ...zeros, ...after].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return value >> 32n === 0xffffn ? { value: value & 0xffffffffn, bits: 32 } : { value, bits: 128 };
}

/** What `holds` must say: the two numbers agree in their first bits. */
function reference(network: string, address: string): boolean {
  const [written = "", given] = network.split("/");
  const inner = asNumber(written);
  const outer = asNumber(address);
  const isMapped = written.includes(":") && inner.bits === 32;
  const fixed = Number(given ?? (written.includes(":") ? 128 : 32)) - (isMapped ? 96 : 0);
  if (inner.bits !== outer.bits) return false;
  const shift = BigInt(inner.bits - fixed);
  return inner.value >> shift === outer.value >> shift;
}

const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));
const group = fc.oneof({ weight: 3, arbitrary: fc.nat(0xffff) }, fc.constantFrom(0, 0, 0xffff, 1));
const full = (groups: readonly number[]) => groups.map((one) => one.toString(16)).join(":");
const v6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => addressText(groups));
const mapped = fc.tuple(fc.nat(0xffff), fc.nat(0xffff)).map((low) => full([0, 0, 0, 0, 0, 0xffff, ...low]));
const address = fc.oneof(v4, v6, mapped);

/** A network and an address near it: half of the cases lie inside, many at its very edge. */
const pair = fc.oneof(v4, v6, mapped).chain((base) => {
  const longest = base.includes(":") ? 128 : 32;
  // A network with fewer fixed bits than the mapped range has is one of IPv6.
  const fewest = asNumber(base).bits !== longest ? 96 : 0;
  return fc.record({
    network: fc.integer({ min: fewest, max: longest }).map((bits) => `${base}/${bits}`),
    address: fc.oneof(address, flipped(base)),
  });
});

/** The same address with one bit, or none, turned over. */
function flipped(base: string): fc.Arbitrary<string> {
  const groups = base.includes(":") ? parseNetwork(`${base}/128`)?.first : parseAddress(base);
  const whole = groups ?? [];
  return fc.integer({ min: -1, max: whole.length * 16 - 1 }).map((bit) => {
    if (bit < 0) return base;
    return addressText(whole.map((one, index) => (index === bit >> 4 ? one ^ (1 << (15 - (bit & 15))) : one)));
  });
}

test("a network holds exactly the addresses that begin with its bits, in 100,000 cases", () => {
  let inside = 0;
  fc.assert(
    fc.property(pair, ({ network, address }) => {
      const [inner, outer] = [parseNetwork(network), parseAddress(address)];
      if (!inner || !outer) throw new Error(`${network} or ${address} was not read`);
      const expected = reference(network, address);
      if (expected) inside++;
      return holds(inner, outer) === expected;
    }),
    { numRuns: CASES, seed: 20_261_127 },
  );
  // A property that always sees "outside" would prove nothing.
  expect(inside).toBeGreaterThan(CASES / 5);
  expect(inside).toBeLessThan((CASES * 4) / 5);
});

test("an address is written in the shortest form, and read back as itself", () => {
  fc.assert(
    fc.property(address, (text) => {
      const read = parseAddress(text);
      if (!read) return false;
      const written = addressText(read);
      return written === ipaddr.process(text).toString() && parseAddress(written)?.join() === read.join();
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(addressText(parseAddress("2001:0DB8:0:0:1:0:0:1") ?? [])).toBe("2001:db8::1:0:0:1");
});

test("IPv4 inside IPv6 is IPv4, as an address and as a network", () => {
  expect(addressText(parseAddress("::ffff:192.0.2.1") ?? [])).toBe("192.0.2.1");
  expect(networkText(parseNetwork("::ffff:10.1.2.3/104") ?? { first: [], bits: 0 })).toBe("10.0.0.0/8");
  // IPv6 addresses that merely carry an IPv4 address stay what they are.
  for (const other of ["::192.0.2.1", "64:ff9b::192.0.2.1", "2002:c000:201::"]) {
    expect([other, parseAddress(other)?.length]).toEqual([other, 8]);
  }
});

test("a network of IPv6 holds no IPv4 address, and the other way round", () => {
  const holdsIt = (network: string, address: string) => {
    const [inner, outer] = [parseNetwork(network), parseAddress(address)];
    return inner && outer ? holds(inner, outer) : undefined;
  };
  expect(holdsIt("::/0", "192.0.2.1")).toBe(false);
  expect(holdsIt("::/0", "::ffff:192.0.2.1")).toBe(false);
  expect(holdsIt("::ffff:0:0/90", "192.0.2.1")).toBe(false);
  expect(holdsIt("0.0.0.0/0", "2001:db8::1")).toBe(false);
  expect(holdsIt("::/0", "2001:db8::1")).toBe(true);
  expect(holdsIt("0.0.0.0/0", "::ffff:192.0.2.1")).toBe(true);
});

test("bits outside the mask are shown back as zero, and one address without a mask", () => {
  const normal = (text: string) => {
    const network = parseNetwork(text);
    return network && networkText(network);
  };
  expect(normal("10.1.2.3/8")).toBe("10.0.0.0/8");
  expect(normal("2001:db8:1:2::5/33")).toBe("2001:db8::/33");
  expect(normal("192.0.2.7/32")).toBe("192.0.2.7");
  expect(normal("2001:DB8::7/128")).toBe("2001:db8::7");
  expect(normal("255.255.255.255/31")).toBe("255.255.255.254/31");
});

test("what could be read in two ways is no address", () => {
  const wrong = [
    ...["", " ", "1", "127.1", "0x7f.0.0.1", "010.0.0.1", "1.2.3.04", "256.0.0.1", "1.2.3.4.5", "1.2.3", "1.2.3.4 "],
    ...["١.٢.٣.٤", "１.2.3.4", "1.2.3.4:80", "[::1]", "::1]", "fe80::1%eth0", ":", ":::", "1::2::3", "12345::", "::g"],
    ...[
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4::5:6:7:8",
      "::1.2.3",
      "1.2.3.4::",
      "::ffff:010.2.3.4",
      "unknown",
    ],
  ];
  for (const text of wrong) {
    expect([text, parseAddress(text)]).toEqual([text, undefined]);
    expect([text, isIP(text) === 0 || text.includes("%")]).toEqual([text, true]);
  }
  for (const text of [
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "/8",
    "10/8",
  ]) {
    expect([text, parseNetwork(text)]).toEqual([text, undefined]);
  }
});

test("what the system takes for an address is one here, and nothing else", () => {
  const piece = fc.constantFrom("0", "1", "ff", "255", "256", "01", ":", "::", ".", "g", "1.2.3.4", "ffff");
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, (one) => (parseAddress(one) !== undefined) === (isIP(one) !== 0)),
    { numRuns: 50_000, seed: 2 },
  );
});

test("the neighbourhood of an address is its /24, or its /48", () => {
  expect(networkText(neighbourhood(parseAddress("192.0.2.77") ?? []))).toBe("192.0.2.0/24");
  expect(networkText(neighbourhood(parseAddress("2001:db8:1:2::5") ?? []))).toBe("2001:db8:1::/48");
});
