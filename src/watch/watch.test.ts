import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Gather } from "./gather.ts";
import { Hours } from "./hours.ts";
import { networkOf, programOf } from "./network.ts";
import type { Sample, Use } from "./sample.ts";
import { SeenSet } from "./seen.ts";
import { type Noticed, Watch } from "./watch.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGAN_MS = Date.UTC(2026, 0, 5);

function sample(atMs: number, change: Partial<Sample> = {}): Sample {
  const usual = { keyId: "key", address: "203.0.113.7", model: "openai/gpt-6-mini", costUsd: 0.1 };
  return { ...usual, atMs, userAgent: "OpenAI/Python 2.8.1", ...change };
}

/** One call, as it is summed up when nothing else happens. */
function called(watch: Watch, call: Sample): Noticed | null {
  const gather = new Gather();
  gather.add(call);
  return gather.take().map((use) => watch.observe(use).noticed)[0] ?? null;
}

/** Calls that are refused, a second apart. */
function refused(count: number, change: Partial<Use> = {}): Use[] {
  return Array.from({ length: count }, (_, call) => ({
    ...{ keyId: "key", network: "198.51.100.0/24", program: null, model: "", calls: 0, costUsd: 0 },
    ...{ atMs: BEGAN_MS + call * 1_000, refused: 1, code: "disabled_key" },
    ...change,
  }));
}

/** A key that is called ten times in each hour of its working day. */
function worked(days: number, watch = new Watch()): Watch {
  for (let hour = 0; hour < days * 24; hour++) {
    if (hour % 24 < 8 || hour % 24 >= 18) continue;
    for (let call = 0; call < 10; call++) called(watch, sample(BEGAN_MS + hour * HOUR_MS + call * 300_000));
  }
  return watch;
}

interface Calls {
  calls: number;
  change: Partial<Sample>;
  everyMs?: number;
}

/** The loudest word about the calls from ten in the morning on. */
function loudest(watch: Watch, days: number, { calls, change, everyMs = 60_000 }: Calls): string {
  let level = "quiet";
  for (let call = 0; call < calls; call++) {
    const noticed = called(watch, sample(BEGAN_MS + days * DAY_MS + 10 * HOUR_MS + call * everyMs, change));
    if (noticed?.level === "alert" || level === "quiet") level = noticed?.level ?? level;
  }
  return level;
}

describe("watching a key", () => {
  test("weeks of usual work say nothing, and neither does the first call of the next day", () => {
    const watch = new Watch();
    worked(28, watch);
    expect(watch.verdict("key", BEGAN_MS + 28 * DAY_MS)?.level).toBe("quiet");
    expect(loudest(watch, 28, { calls: 10, change: {} })).toBe("quiet");
  });

  test("a stranger's program from a stranger's network that spends more than usual is an alert", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 1 };
    expect(loudest(worked(28), 28, { calls: 60, change })).toBe("alert");
  });

  test("the same stranger who spends next to nothing is none", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 0.001 };
    expect(loudest(worked(28), 28, { calls: 20, change })).toBe("quiet");
  });

  test("spending far out on hour and day is an alert, whoever it is", () => {
    expect(loudest(worked(28), 28, { calls: 60, change: { costUsd: 3 } })).toBe("alert");
  });

  test("a busy day from the usual machines with the usual program is no alert", () => {
    const twiceAsMuch = { calls: 160, change: { costUsd: 0.12 }, everyMs: 180_000 };
    expect(loudest(worked(28), 28, twiceAsMuch)).not.toBe("alert");
  });

  test("a key that works in bursts is quiet in its bursts, and an alert in one that is far larger", () => {
    const watch = new Watch();
    const burst = (day: number, { hours = 1, costUsd = 0.1 } = {}) => {
      const levels: string[] = [];
      for (let call = 0; call < hours * 30; call++) {
        const atMs = BEGAN_MS + day * DAY_MS + (8 + (day % 5)) * HOUR_MS + call * 120_000;
        levels.push(called(watch, sample(atMs, { costUsd: costUsd * (1 + (day % 3)) }))?.level ?? "quiet");
      }
      return levels;
    };
    for (let day = 0; day < 30; day++) expect(burst(day)).not.toContain("alert");
    expect(burst(30, { costUsd: 1 })).toContain("alert");
  });

  test("a key that was kept before quarters of hours were is judged by the largest hours of its days meanwhile", () => {
    const hours = new Hours(BEGAN_MS);
    for (let day = 0; day < 20; day++)
      for (let call = 0; call < 4; call++) hours.add(5, BEGAN_MS + day * DAY_MS + call * 900_000);
    const nowMs = BEGAN_MS + 20 * DAY_MS;
    expect(hours.largestQuarter(nowMs, 20)).toBe(5);
    expect(new Hours(nowMs, hours.state()).largestQuarter(nowMs, 20)).toBe(5);
    expect(new Hours(nowMs, { ...hours.state(), quarters: "" }).largestQuarter(nowMs, 20)).toBe(20);
  });

  test("a key without habits is quiet, whatever it does", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 5 };
    expect(loudest(worked(2), 2, { calls: 60, change })).toBe("quiet");
  });

  test("a verdict is told once a day, and again only when it becomes louder or sure", () => {
    const watch = worked(28);
    const told: string[] = [];
    for (let call = 0; call < 600; call++) {
      const atMs = BEGAN_MS + 28 * DAY_MS + call * 60_000;
      const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 0.01 * call };
      const noticed = called(watch, sample(atMs, change));
      if (noticed) told.push(`${noticed.level} ${noticed.isRepeated ? "again" : "first"}`);
    }
    expect(told.slice(-2)).toEqual(["alert first", "alert again"]);
    expect(told.filter((level) => level.startsWith("alert"))).toHaveLength(2);
  });

  test("what its owner has called usual says nothing any more", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 0.2 };
    const watch = worked(28);
    loudest(watch, 28, { calls: 30, change });
    watch.learn("key", BEGAN_MS + 28 * DAY_MS + 11 * HOUR_MS);
    expect(loudest(watch, 29, { calls: 30, change })).not.toBe("alert");
  });

  test("an amount that its owner has called usual is none again, and a much larger one is", () => {
    const watch = worked(28);
    expect(loudest(watch, 28, { calls: 60, change: { costUsd: 3 } })).toBe("alert");
    watch.learn("key", BEGAN_MS + 28 * DAY_MS + 11 * HOUR_MS);
    expect(watch.verdict("key", BEGAN_MS + 28 * DAY_MS + 11 * HOUR_MS)?.level).toBe("quiet");
    expect(loudest(watch, 29, { calls: 60, change: { costUsd: 3 } })).toBe("quiet");
    expect(loudest(watch, 30, { calls: 60, change: { costUsd: 40 } })).toBe("alert");
  });

  test("a key that wakes up after more than thirty days says for how long it slept, once", () => {
    const watch = worked(1);
    const wake = { ...refused(1)[0], atMs: BEGAN_MS + 46 * DAY_MS, calls: 1, refused: 0, model: "m" } as Use;
    expect(watch.observe(wake).wokeAfterDays).toBe(45);
    expect(watch.observe({ ...wake, atMs: wake.atMs + 1 }).wokeAfterDays).toBeNull();
    expect(watch.observe({ ...wake, atMs: wake.atMs + 20 * DAY_MS }).wokeAfterDays).toBeNull();
  });

  test("twenty refused calls within five minutes are told once a day, fewer or slower ones never", () => {
    const slow = new Watch();
    const slowly = refused(60).map((use, index) => ({ ...use, atMs: BEGAN_MS + index * 30_000 }));
    expect(slowly.map((use) => slow.observe(use).burst).filter(Boolean)).toEqual([]);
    const watch = new Watch();
    const bursts = refused(300).flatMap((use) => watch.observe(use).burst ?? []);
    expect(bursts).toEqual([{ count: 20, networks: ["198.51.100.0/24"] }]);
    const nextDay = refused(30, { atMs: BEGAN_MS + 25 * HOUR_MS }).flatMap((use) => watch.observe(use).burst ?? []);
    expect(nextDay).toHaveLength(1);
  });

  test("evidence tells what is usual and what is new", () => {
    const watch = worked(28);
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 1 };
    loudest(watch, 28, { calls: 60, change });
    const evidence = watch.verdict("key", BEGAN_MS + 28 * DAY_MS + 11 * HOUR_MS)?.evidence ?? [];
    expect(evidence.find(({ what }) => what === "new-network")).toMatchObject({
      names: ["198.51.100.0/24"],
      usual: ["203.0.113.0/24"],
    });
    expect(evidence.find(({ what }) => what === "new-program")).toMatchObject({
      names: ["curl"],
      usual: ["openai/python"],
    });
  });

  test("a restart changes no verdict", () => {
    const before = worked(28);
    const after = new Watch();
    const state = before.state("key");
    if (state === undefined) throw new Error("the key is not known");
    after.restore("key", JSON.parse(JSON.stringify(state)));
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 1 };
    expect(loudest(after, 28, { calls: 60, change })).toBe(loudest(before, 28, { calls: 60, change }));
    const nowMs = BEGAN_MS + 28 * DAY_MS + 11 * HOUR_MS;
    expect(after.verdict("key", nowMs)).toEqual(before.verdict("key", nowMs));
  });

  test("however many keys there are, no more than the bound are remembered", () => {
    const watch = new Watch({ maxKeys: 100 });
    for (let key = 0; key < 1_000; key++) called(watch, sample(BEGAN_MS + key, { keyId: `key-${key}` }));
    expect(watch.size).toBe(100);
    expect(watch.beyond(90)).toHaveLength(10);
  });
});

describe("summing up", () => {
  test("no call and no dollar is lost, however many programs, networks and models a key is used with", () => {
    const gather = new Gather();
    for (let call = 0; call < 1_000; call++) {
      gather.add(sample(BEGAN_MS + call, { userAgent: `agent${call % 300}x`, model: `m${call % 7}`, costUsd: 0.25 }));
    }
    for (let call = 0; call < 30; call++) gather.refuse({ atMs: BEGAN_MS, keyId: "key", address: null, code: "c" });
    const uses = gather.take();
    const sum = (of: (use: Use) => number) => uses.reduce((total, use) => total + of(use), 0);
    expect([sum(({ calls }) => calls), sum(({ costUsd }) => costUsd), sum(({ refused }) => refused)]).toEqual([
      1_000, 250, 30,
    ]);
    expect(uses.length).toBeLessThanOrEqual(64);
    expect(gather.take()).toEqual([]);
    gather.putBack(uses);
    expect(gather.take()).toEqual(uses);
  });

  test("what is kept of a call names its network, never its address", () => {
    const gather = new Gather();
    gather.add(sample(BEGAN_MS, { address: "203.0.113.77" }));
    expect(JSON.stringify(gather.take())).not.toContain("203.0.113.77");
  });
});

describe("what is remembered", () => {
  test("the last hour and the days are the sums of what was added, at any times", () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 6 * HOUR_MS }),
      amount: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const hours = new Hours(BEGAN_MS);
        const all: { atMs: number; amount: number }[] = [];
        let nowMs = BEGAN_MS;
        for (const { afterMs, amount } of events) {
          nowMs += afterMs;
          hours.add(amount, nowMs);
          all.push({ atMs: nowMs, amount });
        }
        const since = (unitMs: number, units: number, back = 0) => {
          const newest = Math.floor(nowMs / unitMs) - back;
          const within = all.filter(
            ({ atMs }) => Math.floor(atMs / unitMs) > newest - units && Math.floor(atMs / unitMs) <= newest,
          );
          return within.reduce((sum, { amount }) => sum + amount, 0);
        };
        expect(hours.lastHour(nowMs)).toBe(since(300_000, 12));
        expect(hours.lastQuarter(nowMs)).toBe(since(300_000, 3));
        const day = (atMs: number) => Math.floor(nowMs / DAY_MS) - Math.floor(atMs / DAY_MS);
        const quarters = all.map((last) => {
          const step = Math.floor(last.atMs / 300_000);
          const within = all.filter(({ atMs }) => atMs <= last.atMs && Math.floor(atMs / 300_000) > step - 3);
          return day(last.atMs) >= 1 && day(last.atMs) <= 20 ? within.reduce((sum, { amount }) => sum + amount, 0) : 0;
        });
        expect(hours.largestQuarter(nowMs, 20)).toBe(Math.max(0, ...quarters));
        for (const day of [0, 1, 5, 27]) expect(hours.day(nowMs, day)).toBe(since(HOUR_MS, 24, day * 24));
      }),
    );
  });

  test("a set of names is bounded, and forgets the one that was used longest ago", () => {
    const seen = new SeenSet();
    for (let name = 0; name < 100; name++) seen.add(`name-${name}`, 1, BEGAN_MS + name);
    const { usual, names } = seen.novelty(BEGAN_MS + 1_000, { sinceMs: BEGAN_MS, bornMs: BEGAN_MS });
    expect([...usual, ...names]).toEqual(Array.from({ length: 64 }, (_, index) => `name-${index + 36}`));
  });

  test("addresses of one network and versions of one program are the same", () => {
    expect(networkOf("203.0.113.7")).toBe("203.0.113.0/24");
    expect(networkOf("::ffff:203.0.113.9")).toBe("203.0.113.0/24");
    expect(networkOf("2001:db8:1:2::3")).toBe("2001:db8:1::/48");
    expect(networkOf("unknown")).toBe("unknown");
    expect(programOf("OpenAI/Python 2.8.1")).toBe("openai/python");
    expect(programOf("python-requests/2.32.0")).toBe("python-requests");
    expect(programOf("<https://evil.example|log-in>")).toBe("https //evil.example");
    expect(programOf("x".repeat(300))).toBe("x".repeat(60));
    expect(programOf("k8s-agent/1.0 (linux)")).toBe("k8s-agent");
    expect(programOf("  ")).toBe("unnamed");
  });
});
