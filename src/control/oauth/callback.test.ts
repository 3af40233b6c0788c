import { expect, test } from "bun:test";
import { readCallback, withParameter } from "./callback.ts";

test("an app may be anywhere with https, and on this machine with http on any port", () => {
  for (const address of [
    "https://app.example.com",
    "https://app.example.com:3000/callback?state=1",
    "http://localhost:51423/callback",
    "http://127.0.0.1/",
    "http://[::1]:9/",
    "HTTPS://App.Example.com/",
  ]) {
    expect([address, readCallback(address).ok]).toEqual([address, true]);
  }
});

test("no address that could carry the code elsewhere, or that readers may disagree about, is accepted", () => {
  for (const address of [
    "http://app.example.com/",
    "http://localhost.evil.example/",
    "http://localhost@evil.example/",
    "https://user:password@app.example.com/",
    "https://@app.example.com/",
    "https://user@app.example.com/",
    "https://app.example.com/#fragment",
    "https://app.example.com/#",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "myapp://callback",
    "//app.example.com/",
    "/callback",
    "https:app.example.com",
    "https:///app.example.com",
    "https:\\\\app.example.com",
    "https://app.example.com\\@evil.example",
    " https://app.example.com/",
    "https://app.example.com/\n",
    "ht\ttps://app.example.com/",
    "https://",
    "",
    "http://0.0.0.0/",
    "http://127.0.0.2/",
  ]) {
    expect([address, readCallback(address).ok]).toEqual([address, false]);
  }
});

test("the code takes its own place in the address and leaves the rest as it was", () => {
  const back = withParameter(new URL("https://app.example.com/cb?state=a%20b&code=old&error=old"), "code", "new");
  expect(back).toBe("https://app.example.com/cb?state=a+b&code=new");
});
