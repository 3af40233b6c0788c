import { expect, test } from "bun:test";
import { deviceOf } from "./user-agent.ts";

test("a session is told by its browser and system, though browsers claim to be one another", () => {
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
  const android =
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36";
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
  expect(deviceOf(edge)).toEqual({ browser: "Edge", system: "Windows" });
  expect(deviceOf(android)).toEqual({ browser: "Chrome", system: "Android" });
  expect(deviceOf(iphone)).toEqual({ browser: "Safari", system: "iOS" });
});

test("an unknown program is not given a name that it may not have", () => {
  expect(deviceOf("SomethingElse/1.0")).toEqual({ browser: null, system: null });
  expect(deviceOf(null)).toEqual({ browser: null, system: null });
});
