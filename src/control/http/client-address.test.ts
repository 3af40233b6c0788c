import { expect, test } from "bun:test";
import { clientAddress, createProxyTrust, isLocalVisitor } from "./client-address.ts";

const nobody = createProxyTrust([]);
const proxies = createProxyTrust(["10.0.0.0/8", "2001:db8::/32", "192.0.2.5"]);

test("a forwarding header from anybody but a trusted proxy changes nothing", () => {
  expect(clientAddress("203.0.113.9", "198.51.100.1", nobody)).toBe("203.0.113.9");
  expect(clientAddress("203.0.113.9", "198.51.100.1", proxies)).toBe("203.0.113.9");
  expect(clientAddress("::ffff:203.0.113.9", null, proxies)).toBe("203.0.113.9");
});

test("behind trusted proxies the caller is the first address from the right that is none of them", () => {
  expect(clientAddress("10.1.2.3", "198.51.100.1", proxies)).toBe("198.51.100.1");
  expect(clientAddress("10.1.2.3", "1.1.1.1, 198.51.100.1, 10.9.9.9", proxies)).toBe("198.51.100.1");
  expect(clientAddress("2001:db8::1", "2001:4860::8888, 192.0.2.5", proxies)).toBe("2001:4860::8888");
  expect(clientAddress("10.1.2.3", "10.4.4.4", proxies)).toBe("10.1.2.3");
});

test("nonsense from a trusted proxy is nobody, not somebody further left", () => {
  for (const header of ["198.51.100.1, banana", "198.51.100.1, ", "1.2.3.4:80", "198.51.100.1, 010.0.0.1x"]) {
    expect([header, clientAddress("10.1.2.3", header, proxies)]).toEqual([header, "unknown"]);
  }
});

test("local is only who reached a loopback listener from loopback, by a loopback name, through no proxy", () => {
  const local = (headers: Record<string, string>, peer = "127.0.0.1", host = "localhost") =>
    isLocalVisitor(new Request("http://localhost/", { headers }), peer, host);
  expect(local({ host: "localhost:8787" })).toBe(true);
  expect(local({ host: "127.0.0.1:8787" }, "::1")).toBe(true);
  expect(local({ host: "[::1]:8787" }, "::1", "::1")).toBe(true);
  expect(local({ host: "gapura.example.com" })).toBe(false);
  expect(local({ host: "localhost.evil.example" })).toBe(false);
  expect(local({})).toBe(false);
  expect(local({ host: "localhost" }, "203.0.113.9")).toBe(false);
  expect(local({ host: "localhost" }, "127.0.0.1", "0.0.0.0")).toBe(false);
  for (const header of ["x-forwarded-for", "forwarded", "x-real-ip"]) {
    expect(local({ host: "localhost", [header]: "127.0.0.1" })).toBe(false);
  }
});
