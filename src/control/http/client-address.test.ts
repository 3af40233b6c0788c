import { expect, test } from "bun:test";
import { clientAddress, createProxyTrust, isForwardedByStranger, isLocalVisitor } from "./client-address.ts";

const PROXIES = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.5"];
const nobody = createProxyTrust([], "x-forwarded-for");
const proxies = createProxyTrust(PROXIES, "x-forwarded-for");
const forwardedFor = (value: string) => new Headers({ "x-forwarded-for": value });

test("a forwarding header from anybody but a trusted proxy changes nothing", () => {
  expect(clientAddress("203.0.113.9", forwardedFor("198.51.100.1"), nobody)).toBe("203.0.113.9");
  expect(clientAddress("203.0.113.9", forwardedFor("198.51.100.1"), proxies)).toBe("203.0.113.9");
  expect(clientAddress("::ffff:203.0.113.9", new Headers(), proxies)).toBe("203.0.113.9");
  expect(clientAddress("not an address", new Headers(), proxies)).toBe("unknown");
});

test("behind trusted proxies the caller is the first address from the right that is none of them", () => {
  expect(clientAddress("10.1.2.3", forwardedFor("198.51.100.1"), proxies)).toBe("198.51.100.1");
  expect(clientAddress("10.1.2.3", forwardedFor("1.1.1.1, 198.51.100.1, 10.9.9.9"), proxies)).toBe("198.51.100.1");
  expect(clientAddress("2001:db8::1", forwardedFor("2001:4860::8888, 192.0.2.5"), proxies)).toBe("2001:4860::8888");
  expect(clientAddress("::ffff:10.1.2.3", forwardedFor("::ffff:198.51.100.1"), proxies)).toBe("198.51.100.1");
});

test("where every hop is a proxy, the one furthest away is the caller; where nothing is written, the peer is", () => {
  expect(clientAddress("10.1.2.3", forwardedFor("10.4.4.4, 10.5.5.5"), proxies)).toBe("10.4.4.4");
  expect(clientAddress("10.1.2.3", new Headers(), proxies)).toBe("10.1.2.3");
});

test("nonsense from a trusted proxy is nobody, not somebody further left", () => {
  const wrong = [
    "198.51.100.1, banana",
    "198.51.100.1, ",
    "1.2.3.4:80",
    "198.51.100.1, 010.0.0.1",
    "unknown",
    "0x7f.1",
  ];
  for (const header of wrong) {
    expect([header, clientAddress("10.1.2.3", forwardedFor(header), proxies)]).toEqual([header, "unknown"]);
  }
});

test("more hops than anybody has lead to nobody", () => {
  const hops = (count: number) => forwardedFor(["198.51.100.1", ...new Array(count).fill("10.0.0.1")].join(", "));
  expect(clientAddress("10.1.2.3", hops(31), proxies)).toBe("198.51.100.1");
  expect(clientAddress("10.1.2.3", hops(32), proxies)).toBe("unknown");
  expect(clientAddress("10.1.2.3", hops(5_000), proxies)).toBe("unknown");
});

test("the header that the operator named is read, and no other", () => {
  const headers = new Headers({ "x-forwarded-for": "198.51.100.1", "cf-connecting-ip": "198.51.100.2" });
  expect(clientAddress("10.1.2.3", headers, createProxyTrust(PROXIES, "cf-connecting-ip"))).toBe("198.51.100.2");
  expect(clientAddress("10.1.2.3", headers, createProxyTrust(PROXIES, "x-real-ip"))).toBe("10.1.2.3");
  const two = new Headers({ "x-real-ip": "198.51.100.1, 198.51.100.2" });
  expect(clientAddress("10.1.2.3", two, createProxyTrust(PROXIES, "x-real-ip"))).toBe("unknown");
});

test("Forwarded is read as RFC 7239 writes it", () => {
  const trust = createProxyTrust(PROXIES, "forwarded");
  const cases: [string, string][] = [
    ["for=198.51.100.1", "198.51.100.1"],
    ["For=198.51.100.1;proto=https;by=10.0.0.1", "198.51.100.1"],
    ['for="198.51.100.1:4711"', "198.51.100.1"],
    ['for="[2001:4860::8888]:4711";proto=http', "2001:4860::8888"],
    ['for="[2001:4860::8888]"', "2001:4860::8888"],
    ["for=1.1.1.1, for=198.51.100.1, for=10.9.9.9", "198.51.100.1"],
    ['host="a,b";for=198.51.100.1', "198.51.100.1"],
    ["for=unknown", "unknown"],
    ["for=_hidden, for=10.9.9.9", "unknown"],
    ["proto=https", "unknown"],
    ["for=198.51.100.1;for=198.51.100.2", "unknown"],
    ['for="198.51.100.1', "unknown"],
    ["for=[2001:4860::8888]", "2001:4860::8888"],
    ['for="[198.51.100.1]"', "unknown"],
    ['for="198.51.100.1\\"', "unknown"],
    ["", "unknown"],
  ];
  for (const [written, expected] of cases) {
    expect([written, clientAddress("10.1.2.3", new Headers({ forwarded: written }), trust)]).toEqual([
      written,
      expected,
    ]);
  }
});

test("who writes what proxies write without being named is noticed", () => {
  expect(isForwardedByStranger("203.0.113.9", forwardedFor("198.51.100.1"), proxies)).toBe(true);
  expect(isForwardedByStranger("203.0.113.9", new Headers({ forwarded: "for=1.2.3.4" }), proxies)).toBe(true);
  expect(isForwardedByStranger("203.0.113.9", new Headers(), proxies)).toBe(false);
  expect(isForwardedByStranger("10.1.2.3", forwardedFor("198.51.100.1"), proxies)).toBe(false);
});

test("local is only who reached a loopback listener from loopback, by a loopback name, through no proxy", () => {
  const local = (headers: Record<string, string>, peer = "127.0.0.1", host = "localhost") =>
    isLocalVisitor(new Request("http://localhost/", { headers }), peer, host);
  expect(local({ host: "localhost:8787" })).toBe(true);
  expect(local({ host: "127.0.0.1:8787" }, "::1")).toBe(true);
  expect(local({ host: "127.0.0.1:8787" }, "::ffff:127.0.0.1")).toBe(true);
  expect(local({ host: "[::1]:8787" }, "::1", "::1")).toBe(true);
  expect(local({ host: "gapura.example.com" })).toBe(false);
  expect(local({ host: "localhost.evil.example" })).toBe(false);
  expect(local({})).toBe(false);
  expect(local({ host: "localhost" }, "203.0.113.9")).toBe(false);
  expect(local({ host: "localhost" }, "127.0.0.1", "0.0.0.0")).toBe(false);
  for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"]) {
    expect(local({ host: "localhost", [header]: "127.0.0.1" })).toBe(false);
  }
});
