import { expect, test } from "bun:test";
import { GapuraError } from "../../kernel/errors.ts";
import { type KeptStream, MAX_HELD_STREAMS, StreamKeeper } from "./stream-keeper.ts";

function kept(since: { waitingSinceMs?: number; heldSinceMs?: number } = {}) {
  const happened: string[] = [];
  const stream: KeptStream = {
    beganMs: 0,
    lastSentMs: 0,
    waitingSinceMs: since.waitingSinceMs ?? null,
    heldSinceMs: since.heldSinceMs ?? null,
    silenceLimitMs: 120,
    sendHeartbeat: () => void happened.push("heartbeat"),
    giveUp: () => void happened.push("given up"),
    letGo: () => void happened.push("let go"),
    interrupt: (error) => void happened.push(error.code),
  };
  return { stream, happened };
}

function keeperAt() {
  const time = { nowMs: 0 };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const limits = { heartbeatAfterMs: 15, readerLimitMs: 60, totalLimitMs: 3_600 };
  return { keeper: new StreamKeeper(clock, limits), time };
}

test("a client that hears nothing gets a heartbeat, and a provider that stays silent is given up", () => {
  const { keeper, time } = keeperAt();
  const { stream, happened } = kept({ waitingSinceMs: 0 });
  keeper.add(stream);
  for (const nowMs of [14, 15, 120]) {
    time.nowMs = nowMs;
    keeper.tick();
  }
  expect(happened).toEqual(["heartbeat", "given up"]);
  keeper.remove(stream);
});

test("a client that takes nothing of what waits for it is let go, and hears no heartbeat before that", () => {
  const { keeper, time } = keeperAt();
  const { stream, happened } = kept({ heldSinceMs: 0 });
  keeper.add(stream);
  for (const nowMs of [15, 59, 60]) {
    time.nowMs = nowMs;
    keeper.tick();
  }
  expect(happened).toEqual(["let go"]);
  keeper.remove(stream);
});

test("of too many clients that do not read, those are let go that have not read for the longest time", () => {
  const { keeper, time } = keeperAt();
  const extra = 3;
  const streams = Array.from({ length: MAX_HELD_STREAMS + extra }, (_, index) =>
    kept({ heldSinceMs: 50 - (index % 50) }),
  );
  const reading = kept({ waitingSinceMs: 0 });
  for (const { stream } of [...streams, reading]) keeper.add(stream);
  time.nowMs = 51;
  keeper.tick();
  const gone = streams.filter(({ happened }) => happened.includes("let go")).map(({ stream }) => stream.heldSinceMs);
  expect(gone).toEqual([1, 1, 1]);
  expect(reading.happened).not.toContain("let go");
  for (const { stream } of [...streams, reading]) keeper.remove(stream);
});

test("a stream that never falls silent and never ends is ended as well, whoever is the slow one", () => {
  for (const [since, end] of [
    [{}, "given up"],
    [{ heldSinceMs: 3_590 }, "let go"],
  ] as const) {
    const { keeper, time } = keeperAt();
    const { stream, happened } = kept(since);
    keeper.add(stream);
    time.nowMs = 3_599;
    keeper.tick();
    expect(happened).toEqual([]);
    time.nowMs = 3_600;
    keeper.tick();
    expect(happened).toEqual([end]);
    keeper.remove(stream);
    keeper.tick();
    expect([happened.length, keeper.openStreams]).toEqual([1, 0]);
  }
});

test("every open stream is told when all of them have to end", () => {
  const { keeper } = keeperAt();
  const streams = [kept({ waitingSinceMs: 0 }), kept({ heldSinceMs: 0 })];
  for (const { stream } of streams) keeper.add(stream);
  keeper.interruptAll(new GapuraError("shutting_down"));
  expect(streams.map(({ happened }) => happened)).toEqual([["shutting_down"], ["shutting_down"]]);
  for (const { stream } of streams) keeper.remove(stream);
});
