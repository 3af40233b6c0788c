import { describe, expect, test } from "bun:test";
import { record } from "../../../../test/support/data-plane.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import { DAY_MS, type LimitReset, windowOf } from "../../../kernel/windows.ts";
import type { KeyRecord } from "../../ports.ts";
import { evaluate } from "./key-limit.ts";
import { KeySpend } from "./key-spend.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const TODAY = Math.floor(NOON / DAY_MS);

describe("the decision", () => {
  const decide = (nano: bigint, spent: bigint, reset: LimitReset | null = null) =>
    evaluate({ nano, reset }, spent, windowOf(reset, NOON));

  test("a key passes below its limit and is refused from the limit on, to the nano-dollar", () => {
    expect(decide(10n, 9n).kind).toBe("pass");
    expect(decide(10n, 10n).kind).toBe("refuse");
    expect(decide(10n, 11n).kind).toBe("refuse");
    expect(decide(0n, 0n).kind).toBe("refuse");
  });

  test("a refusal is 402, names the limit and when it begins anew, and asks for no retry", () => {
    const decision = decide(2_500_000_000n, 2_500_000_000n, "weekly");
    if (decision.kind !== "refuse") throw new Error("let in");
    const { error } = decision;
    expect([error.status, error.code, error.retryAfterSeconds]).toEqual([402, "key_limit_reached", undefined]);
    expect(error.message).toContain("2.5");
    expect(error.message).toContain("2026-11-30T00:00:00.000Z");
    expect(error.metadata).toEqual({
      limit_source: "openrouter_key_limit",
      limit: 2.5,
      limit_reset: "weekly",
      resets_at: "2026-11-30T00:00:00.000Z",
    });
  });
});

describe("the spending in memory", () => {
  function start(reset: LimitReset | null = "daily", nano = 100n) {
    const clock = { now: NOON, nowMs: () => clock.now, monotonicMs: () => 0 };
    const recorded = { nano: 0n, down: false, reads: [] as (number | null)[] };
    const gate: { wait: Promise<void> } = { wait: Promise.resolve() };
    const spend = new KeySpend(
      {
        spentByKey: async (_, firstDay) => {
          recorded.reads.push(firstDay);
          if (recorded.down) throw new Error("gone");
          const { nano: now } = recorded;
          await gate.wait;
          return now;
        },
      },
      clock,
    );
    const key: KeyRecord = { ...record, limit: { nano, reset } };
    const admit = async () => spend.admit(key);
    const settle = (costNano: bigint, startedAtMs = clock.now) => {
      recorded.nano += costNano;
      spend.settle(key, { startedAtMs, costNano });
    };
    return { clock, recorded, gate, spend, key, admit, settle };
  }
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => "let in",
      (error: unknown) => (error instanceof GapuraError ? error.code : "another error"),
    );

  test("a key without a limit is let in without any look-up", () => {
    const { spend, recorded } = start();
    expect(spend.admit(record)).toBeUndefined();
    spend.settle(record, { startedAtMs: NOON, costNano: 5n });
    expect(recorded.reads).toEqual([]);
  });

  test("the records are read once, then what settles is added", async () => {
    const { recorded, spend, key, admit, settle } = start();
    recorded.nano = 60n;
    await Promise.all(Array.from({ length: 20 }, admit));
    settle(39n);
    expect(spend.admit(key)).toBeUndefined();
    settle(1n);
    expect(await codeOf(admit())).toBe("key_limit_reached");
    expect(recorded.reads).toEqual([TODAY]);
  });

  test("a new window begins at nothing, and a call counts in the window in which it began", async () => {
    const { clock, recorded, admit, settle } = start();
    await admit();
    settle(100n);
    expect(await codeOf(admit())).toBe("key_limit_reached");
    clock.now = (TODAY + 1) * DAY_MS;
    recorded.nano = 0n;
    expect(await codeOf(admit())).toBe("let in");
    settle(100n, clock.now - 1);
    expect(await codeOf(admit())).toBe("let in");
    settle(100n);
    expect(await codeOf(admit())).toBe("key_limit_reached");
    expect(recorded.reads).toEqual([TODAY, TODAY + 1]);
  });

  test("what settles while the records are read is not lost", async () => {
    const { clock, gate, admit, settle } = start();
    await admit();
    clock.now += 10_000;
    const { promise, resolve } = Promise.withResolvers<void>();
    gate.wait = promise;
    const waiting = admit();
    settle(100n);
    resolve();
    expect(await codeOf(waiting)).toBe("key_limit_reached");
  });

  test("what other processes spent is seen within ten seconds", async () => {
    const { clock, recorded, admit } = start(null);
    await admit();
    recorded.nano = 100n;
    expect(await codeOf(admit())).toBe("let in");
    clock.now += 10_000;
    expect(await codeOf(admit())).toBe("key_limit_reached");
  });

  test("a raised limit or another reset counts from the next call on", async () => {
    const { spend, key, admit, settle } = start("daily");
    await admit();
    settle(100n);
    expect(await codeOf(admit())).toBe("key_limit_reached");
    expect(await codeOf((async () => spend.admit({ ...key, limit: { nano: 101n, reset: "daily" } }))())).toBe("let in");
    expect(await codeOf((async () => spend.admit({ ...key, limit: null }))())).toBe("let in");
  });

  test("records that cannot be read refuse with 503 and are asked again", async () => {
    const { recorded, admit } = start();
    recorded.down = true;
    expect(await codeOf(admit())).toBe("storage_unavailable");
    recorded.down = false;
    expect(await codeOf(admit())).toBe("let in");
  });
});
