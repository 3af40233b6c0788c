import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Hours } from "./hours.ts";
import { networkOf, programOf } from "./network.ts";
import type { Sample } from "./sample.ts";
import { SeenSet } from "./seen.ts";
import { Watch } from "./watch.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGAN_MS = Date.UTC(2026, 0, 5);

function sample(atMs: number, change: Partial<Sample> = {}): Sample {
  const usual = { keyId: "key", address: "203.0.113.7", model: "openai/gpt-6-mini", costUsd: 0.1 };
  return { ...usual, atMs, userAgent: "OpenAI/Python 2.8.1", ...change };
}

/** A key that is called ten times in each hour of its working day. */
function worked(days: number, watch = new Watch()): Watch {
  for (let hour = 0; hour < days * 24; hour++) {
    if (hour % 24 < 8 || hour % 24 >= 18) continue;
    for (let call = 0; call < 10; call++) watch.observe(sample(BEGAN_MS + hour * HOUR_MS + call * 300_000));
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
    const noticed = watch.observe(sample(BEGAN_MS + days * DAY_MS + 10 * HOUR_MS + call * everyMs, change));
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

  test("a key without habits is quiet, whatever it does", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 5 };
    expect(loudest(worked(2), 2, { calls: 60, change })).toBe("quiet");
  });

  test("a verdict is told once a day, and again only when it becomes louder", () => {
    const watch = worked(28);
    const told: string[] = [];
    for (let call = 0; call < 600; call++) {
      const atMs = BEGAN_MS + 28 * DAY_MS + call * 60_000;
      const noticed = watch.observe(
        sample(atMs, { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 0.01 * call }),
      );
      if (noticed) told.push(noticed.level);
    }
    expect(told.filter((level) => level === "alert")).toHaveLength(1);
    expect(told.indexOf("alert")).toBe(told.length - 1);
  });

  test("what its owner has called usual says nothing any more", () => {
    const change = { address: "198.51.100.20", userAgent: "curl/8.1", costUsd: 0.2 };
    const watch = worked(28);
    loudest(watch, 28, { calls: 30, change });
    watch.learn("key");
    expect(loudest(watch, 29, { calls: 30, change })).not.toBe("alert");
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
    for (let key = 0; key < 1_000; key++) watch.observe(sample(BEGAN_MS + key, { keyId: `key-${key}` }));
    expect(watch.size).toBe(100);
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
    expect(programOf("k8s-agent/1.0 (linux)")).toBe("k8s-agent");
    expect(programOf("  ")).toBe("unnamed");
  });
});
