import { expect, test } from "bun:test";
import { isLoopbackHost, listenAddress, withActualPort } from "./hosts.ts";

test("only names and addresses that nobody else can reach count as loopback", () => {
  for (const host of [
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "127.0.0.1",
    "127.255.0.1",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
  ]) {
    expect([host, isLoopbackHost(host)]).toEqual([host, true]);
  }
  const others = [
    "0.0.0.0",
    "::",
    "192.168.0.1",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "::2",
    "1::1",
    "::ffff:10.0.0.1",
    "128.0.0.1",
    "",
  ];
  for (const host of others) expect([host, isLoopbackHost(host)]).toEqual([host, false]);
});

test("localhost is bound as 127.0.0.1, whatever the machine makes of the name", () => {
  expect(listenAddress("localhost")).toBe("127.0.0.1");
  expect(listenAddress("[::1]")).toBe("::1");
  expect(listenAddress("0.0.0.0")).toBe("0.0.0.0");
});

test("the port that the system gave replaces 0 in the made-up base URL and touches no written one", () => {
  expect(withActualPort({ port: 0, baseUrl: "http://localhost:0" }, 4321)).toEqual({
    port: 4321,
    baseUrl: "http://localhost:4321",
  });
  expect(withActualPort({ port: 0, baseUrl: "https://a.example.com" }, 4321).baseUrl).toBe("https://a.example.com");
  expect(withActualPort({ port: 80, baseUrl: "http://localhost:80" }, 4321).port).toBe(80);
});
