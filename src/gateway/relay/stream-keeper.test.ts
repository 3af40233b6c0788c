import { expect, test } from "bun:test";
import { type KeptStream, StreamKeeper } from "./stream-keeper.ts";

function kept(waitingSinceMs: number | null) {
  const happened: string[] = [];
  const stream: KeptStream = {
    lastSentMs: 0,
    waitingSinceMs,
    sendHeartbeat: () => void happened.push("heartbeat"),
    giveUp: () => void happened.push("given up"),
  };
  return { stream, happened };
}

function keeperAt() {
  const time = { nowMs: 0 };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const keeper = new StreamKeeper(clock, { heartbeatAfterMs: 15, silenceLimitMs: 120, totalLimitMs: 3_600 });
  return { keeper, time };
}

test("a client that hears nothing gets a heartbeat, and a provider that stays silent is given up", () => {
  const { keeper, time } = keeperAt();
  const { stream, happened } = kept(0);
  keeper.add(stream);
  for (const nowMs of [14, 15, 120]) {
    time.nowMs = nowMs;
    keeper.tick();
  }
  expect(happened).toEqual(["heartbeat", "given up"]);
  keeper.remove(stream);
});

test("a stream that never falls silent and never ends is given up as well, whoever is the slow one", () => {
  const { keeper, time } = keeperAt();
  const { stream, happened } = kept(null);
  keeper.add(stream);
  time.nowMs = 3_599;
  keeper.tick();
  expect(happened).toEqual([]);
  time.nowMs = 3_600;
  keeper.tick();
  expect(happened).toEqual(["given up"]);
  keeper.remove(stream);
  keeper.tick();
  expect([happened.length, keeper.openStreams]).toEqual([1, 0]);
});
