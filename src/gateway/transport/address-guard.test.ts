import { expect, test } from "bun:test";
import { AddressGuard, isGlobalUnicast } from "./address-guard.ts";

const HIDDEN = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://0x7f.1/",
  "http://2130706433/",
  "http://017700000001/",
  "http://[::1]/",
  "http://[::]/",
  "http://0.0.0.0/",
  "http://10.1.2.3/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://169.254.169.254/",
  "http://100.64.0.1/",
  "http://192.0.0.1/",
  "http://192.0.2.1/",
  "http://198.18.0.1/",
  "http://198.51.100.7/",
  "http://203.0.113.9/",
  "http://224.0.0.1/",
  "http://240.0.0.1/",
  "http://255.255.255.255/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:10.0.0.1]/",
  "http://[::7f00:1]/",
  "http://[64:ff9b::a01:203]/",
  "http://[2002:a01:203::]/",
  "http://[2001::1]/",
  "http://[fc00::1]/",
  "http://[fd12::1]/",
  "http://[fe80::1]/",
  "http://[ff02::1]/",
  "http://[100::1]/",
  "http://[2001:db8::1]/",
  "http://[::ffff:0:127.0.0.1]/",
];

test("no spelling of a private or reserved address is allowed", async () => {
  const guard = new AddressGuard({ allowPrivate: [] });
  for (const text of HIDDEN) expect([text, (await guard.check(new URL(text))).allowed]).toEqual([text, false]);
});

test("a host is refused when any of its addresses is private", async () => {
  const answers: Record<string, string[]> = {
    "mixed.example.com": ["93.184.216.34", "10.0.0.1"],
    "good.example.com": ["93.184.216.34"],
  };
  const guard = new AddressGuard({ allowPrivate: [], resolve: async (host) => answers[host] ?? [] });
  expect((await guard.check(new URL("https://mixed.example.com/v1"))).allowed).toBe(false);
  expect((await guard.check(new URL("https://good.example.com/v1"))).allowed).toBe(true);
  expect((await guard.check(new URL("https://nowhere.example.com/v1"))).allowed).toBe(false);
});

test("a private address is allowed only by its exact host and port", async () => {
  const guard = new AddressGuard({ allowPrivate: ["localhost:11434"] });
  expect((await guard.check(new URL("http://localhost:11434/v1"))).allowed).toBe(true);
  expect(await guard.check(new URL("http://localhost:11435/v1"))).toMatchObject({
    allowed: false,
    reason: expect.stringContaining("ALLOW_PRIVATE_UPSTREAM=localhost:11435"),
  });
});

test("a host that turns private is refused when its verdict has aged", async () => {
  let nowMs = 0;
  let address = "93.184.216.34";
  const guard = new AddressGuard({ allowPrivate: [], resolve: async () => [address], nowMs: () => nowMs });
  const url = new URL("https://moving.example.com");
  await guard.check(url);
  expect(guard.isKnownClean(url)).toBe(true);
  address = "127.0.0.1";
  nowMs = 60_000;
  expect(guard.isKnownClean(url)).toBe(false);
  expect((await guard.check(url)).allowed).toBe(false);
});

test("userinfo and other schemes are refused", async () => {
  const guard = new AddressGuard({ allowPrivate: [], resolve: async () => ["93.184.216.34"] });
  expect((await guard.check(new URL("https://user:pass@example.com"))).allowed).toBe(false);
  expect((await guard.check(new URL("file:///etc/passwd"))).allowed).toBe(false);
  expect(isGlobalUnicast("fe80::1%eth0")).toBe(false);
});
