import { expect, test } from "bun:test";
import fc from "fast-check";
import { Cooldown } from "./cooldown.ts";

test("a stated wait is waited out, and a tenth longer at most", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (seconds, random) => {
      const cooldown = new Cooldown();
      cooldown.begin({ because: "rate-limit", statedSeconds: seconds, nowMs: 0 }, random);
      expect(cooldown.at(seconds * 1_000 - 1)?.because).toBe("rate-limit");
      expect(cooldown.at(seconds * 1_100 + 1)).toBeNull();
    }),
  );
});

test("without a stated wait each refusal in a row doubles the bound, up to half a minute, until there is an answer", () => {
  const cooldown = new Cooldown();
  const waits: number[] = [];
  let nowMs = 0;
  for (let count = 0; count < 6; count++) {
    cooldown.begin({ because: "rate-limit", statedSeconds: null, nowMs }, 1);
    const untilMs = cooldown.at(nowMs)?.untilMs ?? Number.NaN;
    waits.push(untilMs - nowMs);
    nowMs = untilMs;
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  cooldown.answered(nowMs);
  cooldown.begin({ because: "rate-limit", statedSeconds: null, nowMs }, 0);
  expect(cooldown.at(nowMs)?.untilMs).toBe(nowMs + 1_000);
});

test("neither a shorter wait nor the answer to an earlier request ends a longer one", () => {
  const cooldown = new Cooldown();
  cooldown.begin({ because: "rate-limit", statedSeconds: 30, nowMs: 0 }, 0);
  cooldown.begin({ because: "overload", statedSeconds: 2, nowMs: 10 }, 0);
  cooldown.answered(20);
  expect(cooldown.at(29_999)).toEqual({ untilMs: 30_000, because: "rate-limit" });
});

test("a credential is left alone from the second refusal in a row", () => {
  const cooldown = new Cooldown();
  const refuse = (nowMs: number) => cooldown.begin({ because: "credential", statedSeconds: null, nowMs }, 0);
  refuse(0);
  expect(cooldown.at(1)).toBeNull();
  cooldown.answered(1);
  refuse(2);
  expect(cooldown.at(3)).toBeNull();
  refuse(3);
  expect(cooldown.at(60_002)).toEqual({ untilMs: 60_003, because: "credential" });
});
