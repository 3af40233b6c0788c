import { expect, test } from "bun:test";
import { AddressGuard } from "./address-guard.ts";

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

test("a host that turns private is found out in the background, and refused from then on", async () => {
  let nowMs = 0;
  let answer = ["93.184.216.34"];
  const guard = new AddressGuard({ allowPrivate: [], resolve: async () => answer, nowMs: () => nowMs });
  const url = new URL("https://moving.example.com");
  const checked = { allowed: true as const, addresses: ["93.184.216.34"] };
  expect(await guard.check(url)).toEqual(checked);
  answer = ["127.0.0.1"];
  nowMs = 29_999;
  expect(guard.locate(url)).toEqual(checked);
  nowMs = 30_000;
  // Whoever comes at this moment still goes to the address that was checked, and not to the new one.
  expect(guard.locate(url)).toEqual(checked);
  await guard.check(url);
  expect(await guard.locate(url)).toMatchObject({ allowed: false });
});

test("while the resolver is away, a host stays where it was found, for ten minutes", async () => {
  let nowMs = 0;
  let isAway = false;
  const resolve = async () => {
    if (isAway) throw new Error("SERVFAIL");
    return ["93.184.216.34"];
  };
  const guard = new AddressGuard({ allowPrivate: [], resolve, nowMs: () => nowMs });
  const url = new URL("https://api.example.com");
  await guard.check(url);
  isAway = true;
  nowMs = 599_999;
  expect(await guard.locate(url)).toMatchObject({ allowed: true });
  nowMs = 600_000;
  expect(await guard.locate(url)).toMatchObject({ allowed: false, reason: "api.example.com cannot be resolved" });
});

test("the address in use stays the first while the host still has it, so that its connections stay in use", async () => {
  let answer = ["2606:4700::1", "93.184.216.34", "93.184.216.35"];
  const guard = new AddressGuard({ allowPrivate: [], resolve: async () => answer });
  const url = new URL("https://api.example.com");
  const first = async () => {
    const verdict = await guard.check(url);
    return verdict.allowed ? verdict.addresses[0] : undefined;
  };
  expect(await first()).toBe("93.184.216.34");
  answer = ["93.184.216.35", "93.184.216.34"];
  await first();
  expect(guard.locate(url)).toMatchObject({ addresses: ["93.184.216.34", "93.184.216.35"] });
  guard.demote(url, "93.184.216.34");
  expect(guard.locate(url)).toMatchObject({ addresses: ["93.184.216.35", "93.184.216.34"] });
});

test("questions for the same host at the same time are asked once", async () => {
  let asked = 0;
  const answer = Promise.withResolvers<string[]>();
  const resolve = () => {
    asked++;
    return answer.promise;
  };
  const guard = new AddressGuard({ allowPrivate: [], resolve });
  const url = new URL("https://api.example.com");
  const verdicts = [guard.locate(url), guard.locate(url), guard.check(url)];
  answer.resolve(["93.184.216.34"]);
  await Promise.all(verdicts);
  expect(asked).toBe(1);
});
