import { describe, expect, test } from "bun:test";
import { StreamMeter } from "./stream-meter.ts";

function start({ granted = 100_000n, perByte = 10n, prompt = 0n } = {}) {
  const state = { length: 0, nowMs: 0, looks: 0, marks: [] as bigint[] };
  const meter = new StreamMeter({
    grantedNano: granted,
    textLength: () => state.length,
    costNano: () => 2n * perByte * BigInt(state.length) + prompt,
    certainNano: () => {
      state.looks++;
      return perByte * BigInt(state.length) + prompt;
    },
    progress: (nano) => void state.marks.push(nano),
    monotonicMs: () => state.nowMs,
  });
  return { state, meter };
}

describe("what a running answer costs", () => {
  test("ends it within a step of where the money is used up, and never before", () => {
    for (const perByte of [1n, 10n, 390n]) {
      const { state, meter } = start({ perByte });
      while (!meter.isSpent()) state.length += 7;
      const nano = perByte * BigInt(state.length);
      expect(nano).toBeGreaterThanOrEqual(100_000n);
      expect(nano - 100_000n).toBeLessThanOrEqual(perByte * 256n);
    }
  });

  test("is worked out seldom, however many pieces an answer comes in", () => {
    const { state, meter } = start({ granted: 100_000_000n });
    for (let piece = 0; piece < 1_000_000; piece++) {
      state.length += 4;
      meter.isSpent();
    }
    expect(state.looks).toBeLessThan(30);
  });

  test("is marked once a second at most, and never as more than was set aside", () => {
    const { state, meter } = start();
    for (let second = 0; second < 10; second++) {
      for (let piece = 0; piece < 100; piece++) {
        state.nowMs += 10;
        state.length += 5;
        meter.isSpent();
      }
    }
    expect(state.marks).toHaveLength(10);
    expect(state.marks.every((nano) => nano <= 100_000n)).toBe(true);
    expect(state.marks.at(-1)).toBe(100_000n);
  });

  test("of a free answer ends nothing", () => {
    const { state, meter } = start({ granted: 0n, perByte: 0n });
    for (let piece = 0; piece < 1_000; piece++) {
      state.length += 500;
      expect(meter.isSpent()).toBe(false);
    }
  });

  test("counts what the prompt cost, even of an answer that is short", () => {
    const { state, meter } = start({ prompt: 100_000n });
    state.length = 300;
    expect(meter.isSpent()).toBe(true);
  });
});
