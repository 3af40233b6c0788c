import { expect, test } from "bun:test";
import { requestBytes, type WrittenRequest } from "./request.ts";

const POST: WrittenRequest = {
  method: "POST",
  path: "/v1/chat?x=%20",
  host: "api.example.com:8443",
  headers: { Authorization: "Bearer caf\xe9", accept: "application/json" },
  body: new TextEncoder().encode("{}"),
};
const written = (more: Partial<WrittenRequest> = {}) =>
  Buffer.concat(requestBytes({ ...POST, ...more })).toString("latin1");

test("a request is its head, its length and its body", () => {
  expect(written().split("\r\n")).toEqual([
    "POST /v1/chat?x=%20 HTTP/1.1",
    "host: api.example.com:8443",
    "Authorization: Bearer caf\xe9",
    "accept: application/json",
    "user-agent: gapura",
    "content-length: 2",
    "",
    "{}",
  ]);
  const get = written({ method: "GET", headers: { "x-accept": "y", "user-agent": "mine" }, body: undefined });
  expect(get).toContain("accept: */*\r\n");
  expect(get).toContain("user-agent: mine\r\n");
  expect(get).not.toContain("content-length");
  expect(get).not.toContain("user-agent: gapura");
});

test("a long body is not copied", () => {
  const body = new Uint8Array(100_000);
  expect(requestBytes({ ...POST, body })[1]).toBe(body);
});

test("nothing can be put into a head that would end a line, nor a name that is the connection's", () => {
  for (const headers of [
    { "x-a": "b\r\nevil: c" },
    { "x-a": "b\nevil: c" },
    { "x-a": "b\0" },
    { "x-a": "snow \u2603" },
    { "x-a\r\nevil": "c" },
    { "x a": "b" },
    { "": "b" },
  ]) {
    expect(() => written({ headers })).toThrow(TypeError);
  }
  for (const path of ["v1", "/v1 HTTP/1.1\r\nx: y", "/v1\r\n", "/\u2603", ""]) {
    expect(() => written({ path })).toThrow(TypeError);
  }
  expect(() => written({ host: "a\r\nb: c" })).toThrow(TypeError);
  const theirs = written({
    headers: { "Content-Length": "9", "Transfer-Encoding": "chunked", HOST: "x", Connection: "y" },
  });
  expect(theirs).not.toMatch(/: 9|chunked|HOST|Connection/);
});
