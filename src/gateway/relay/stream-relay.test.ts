import { beforeEach, expect, test } from "bun:test";
import { GapuraError } from "../../kernel/errors.ts";
import type { StreamTranslator } from "../canonical/dialects.ts";
import { StreamKeeper } from "./stream-keeper.ts";
import { relayStream, type StreamOutcome } from "./stream-relay.ts";
import { MAX_TURN_CHARACTERS } from "./turns.ts";

/** A dialect in which every event is passed on as it is, "end" ends, and "bad" is nonsense. */
function plainStream(): StreamTranslator {
  let isComplete = false;
  return {
    accept: (data) => {
      if (data === "bad") return { kind: "unreadable" };
      if (data === "end") isComplete = true;
      return data === "end" ? { kind: "done" } : { kind: "chunk", frames: data, hasToken: true };
    },
    get isComplete() {
      return isComplete;
    },
    usage: undefined,
    textLength: 0,
    upstreamId: null,
    finishReason: null,
    nativeFinishReason: null,
    end: () => "<end>",
    cut: () => "<cut>",
    fail: (error) => `<${error.code}>`,
  };
}

const time = { nowMs: 0 };
const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
let keeper: StreamKeeper;
let happened: string[];
beforeEach(() => {
  time.nowMs = 0;
  happened = [];
  keeper = new StreamKeeper(clock, {
    heartbeatAfterMs: 15_000,
    readerLimitMs: 60_000,
    totalLimitMs: 3_600_000,
  });
});

interface Provider {
  /** Says this when it is asked. */
  say(batch: string[] | null): void;
  /** How often it was asked and has not answered yet. */
  asked: number;
}

/** A stream from a provider whose batches the test gives; leaving it makes the provider end. */
function relayed(firstBatch: string[], settling: Promise<void> = Promise.resolve(), isSpent?: () => boolean) {
  const given: (string[] | null)[] = [];
  let answer: ((batch: string[] | null) => void) | undefined;
  const provider: Provider = {
    asked: 0,
    say: (batch) => {
      given.push(batch);
      const next = answer;
      answer = undefined;
      next?.(given.shift() ?? null);
    },
  };
  const body = relayStream({
    stream: plainStream(),
    prelude: "",
    firstBatch,
    silenceLimitMs: 120_000,
    nextBatch: () => {
      provider.asked++;
      return given.length > 0
        ? Promise.resolve(given.shift() ?? null)
        : new Promise((resolve) => {
            answer = resolve;
          });
    },
    stopUpstream: () => {
      happened.push("provider stopped");
      answer?.(null);
    },
    hangUp: () => void happened.push("hung up"),
    onOver: () => {},
    clientSignal: new AbortController().signal,
    keeper,
    clock,
    provider: "P",
    isSpent,
    onFirstToken: () => void happened.push("first token"),
    withoutKeys: (message) => message,
    settle: async (outcome) => {
      await settling;
      happened.push(described(outcome));
      return { usage: {}, charge: {}, completedSeconds: 0 } as never;
    },
  });
  return { provider, reader: body.getReader() };
}

function described(outcome: StreamOutcome): string {
  if (outcome.kind === "failed") return `failed: ${outcome.error.code}`;
  return outcome.kind === "cancelled" && outcome.wasSlow ? "cancelled: slow" : outcome.kind;
}

async function read(reader: { read(): Promise<{ value?: Uint8Array | undefined }> }): Promise<string | undefined> {
  const { value } = await reader.read();
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

const settled = () => happened.filter((one) => one !== "provider stopped" && one !== "first token");

test("a client is written no more than it asks for, and the provider is not read before all of that was taken", async () => {
  const event = "日".repeat(100);
  const { provider, reader } = relayed(Array.from({ length: 1_000 }, () => event));
  let characters = 0;
  while (characters < 100_000) {
    const text = (await read(reader)) ?? "";
    expect(text.length).toBeLessThan(MAX_TURN_CHARACTERS + event.length);
    expect(provider.asked).toBe(0);
    characters += text.length;
  }
  provider.say(["end"]);
  expect(await read(reader)).toBe("<end>");
  expect(await read(reader)).toBeUndefined();
  expect(settled()).toEqual(["complete"]);
});

test("a client that reads nothing for a minute is let go: the provider stopped, the record kept once, the connection closed", async () => {
  const { reader } = relayed(["one", "two"]);
  await read(reader);
  time.nowMs = 59_999;
  keeper.tick();
  expect(settled()).toEqual([]);
  time.nowMs = 60_000;
  keeper.tick();
  keeper.tick();
  await reader.cancel();
  expect(settled()).toEqual(["cancelled: slow", "hung up"]);
  expect(keeper.openStreams).toBe(0);
});

test("however slowly a client reads, it is not let go while it does, and one that waits for the provider never is", async () => {
  const { provider, reader } = relayed(["one"]);
  for (let minute = 0; minute < 10; minute++) {
    expect(await read(reader)).toBe("one");
    time.nowMs += 59_000;
    keeper.tick();
    provider.say(["one"]);
  }
  expect(await read(reader)).toBe("one");
  const waiting = read(reader);
  time.nowMs += 100_000;
  keeper.tick();
  expect(await waiting).toBe(": keep-alive\n\n");
  provider.say(["end"]);
  expect(await read(reader)).toBe("<end>");
  expect(settled()).toEqual(["complete"]);
});

test("streams that have to end say why behind what was said, whether provider or client is waited for, and only once", async () => {
  const waiting = relayed(["one"]);
  expect(await read(waiting.reader)).toBe("one");
  const rest = read(waiting.reader);
  const held = relayed(["two"]);
  expect(await read(held.reader)).toBe("two");
  for (let times = 0; times < 2; times++) keeper.interruptAll(new GapuraError("shutting_down"));
  expect(await rest).toBe("<shutting_down>");
  expect(await read(held.reader)).toBe("<shutting_down>");
  expect([await read(waiting.reader), await read(held.reader)]).toEqual([undefined, undefined]);
  expect(settled()).toEqual(["failed: shutting_down", "failed: shutting_down"]);
  expect(keeper.openStreams).toBe(0);
});

test("a stream counts as open until its record is kept", async () => {
  const kept = Promise.withResolvers<void>();
  const { reader } = relayed(["end"], kept.promise);
  const last = read(reader);
  await Promise.resolve();
  expect(keeper.openStreams).toBe(1);
  // It has ended well already, and stays so.
  keeper.interruptAll(new GapuraError("shutting_down"));
  kept.resolve();
  expect(await last).toBe("<end>");
  expect(settled()).toEqual(["complete"]);
  expect(keeper.openStreams).toBe(0);
});

test("a provider that falls silent is given up, with an error behind what it said", async () => {
  const { reader } = relayed(["one"]);
  expect(await read(reader)).toBe("one");
  const rest = read(reader);
  time.nowMs = 120_000;
  keeper.tick();
  expect(await rest).toBe("<provider_timeout>");
  expect(settled()).toEqual(["failed: provider_timeout"]);
});

test("a stream whose money is used up ends well: what came is sent, the provider stopped, the record kept once", async () => {
  let isSpent = false;
  const { provider, reader } = relayed(["one"], undefined, () => isSpent);
  expect(await read(reader)).toBe("one");
  isSpent = true;
  provider.say(["two"]);
  expect(await read(reader)).toBe("two");
  expect(await read(reader)).toBe("<cut>");
  expect(await read(reader)).toBeUndefined();
  expect(happened.filter((one) => one !== "first token").slice(0, 2)).toEqual(["provider stopped", "cut"]);
  expect(settled()).toEqual(["cut"]);
});

test("an answer that has come to its end is not cut any more, whatever it cost", async () => {
  const { reader } = relayed(["one", "end"], undefined, () => true);
  expect([await read(reader), await read(reader)]).toEqual(["one", "<end>"]);
  expect(settled()).toEqual(["complete"]);
});
