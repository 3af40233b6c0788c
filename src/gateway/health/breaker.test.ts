import { expect, test } from "bun:test";
import fc from "fast-check";
import { Breaker } from "./breaker.ts";

const report = (nowMs: number, account = "siti", probe: number | null = null) => ({ account, nowMs, probe });

/** A breaker that ten failures have just opened, at time zero. */
function opened(random = 1): Breaker {
  const breaker = new Breaker();
  for (let count = 0; count < 10; count++) breaker.failed(report(0), random);
  return breaker;
}

test("opens at half of ten requests within ten seconds, not with fewer, and not when they lie further apart", () => {
  const few = new Breaker();
  for (let count = 0; count < 9; count++) few.failed(report(0), 1);
  expect(few.blockedUntil(1)).toBeNull();
  const most = new Breaker();
  for (let count = 0; count < 11; count++) most.answered(report(0));
  for (let count = 0; count < 10; count++) most.failed(report(1), 1);
  expect(most.blockedUntil(2)).toBeNull();
  most.failed(report(2), 1);
  expect(most.blockedUntil(3)).toBe(2_002);
  const slow = new Breaker();
  for (let count = 0; count < 40; count++) slow.failed(report(count * 2_000), 1);
  expect(slow.blockedUntil(80_000)).toBeNull();
});

test("answers that broke off count as failures, and not as answers too", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 10; count++) breaker.answered(report(0));
  for (let count = 0; count < 4; count++) breaker.broke(report(1), 1);
  expect(breaker.blockedUntil(1)).toBeNull();
  breaker.broke(report(1), 1);
  expect(breaker.blockedUntil(1)).not.toBeNull();
});

test("one account's failures open nothing while another is being answered, two accounts' do", () => {
  const breaker = new Breaker();
  for (let count = 0; count < 1_000; count++) {
    breaker.failed(report(count, "attacker"), 1);
    if (count % 100 === 0) breaker.answered(report(count, "siti"));
  }
  expect(breaker.blockedUntil(1_000)).toBeNull();
  breaker.failed(report(1_000, "siti"), 1);
  expect(breaker.blockedUntil(1_001)).not.toBeNull();
});

test("each opening in a row may last twice as long, up to a minute, and a quiet minute makes it short again", () => {
  const breaker = opened();
  const lasted: number[] = [];
  let nowMs = 0;
  for (let count = 0; count < 8; count++) {
    const untilMs = breaker.blockedUntil(nowMs) ?? Number.NaN;
    lasted.push(untilMs - nowMs);
    nowMs = untilMs;
    const admission = breaker.enter(nowMs);
    breaker.failed(report(nowMs, "siti", admission.kind === "probe" ? admission.probe : null), 1);
  }
  expect(lasted).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  nowMs = breaker.blockedUntil(nowMs) ?? Number.NaN;
  const admission = breaker.enter(nowMs);
  breaker.answered(report(nowMs, "siti", admission.kind === "probe" ? admission.probe : null));
  nowMs += 60_001;
  for (let count = 0; count < 10; count++) breaker.failed(report(nowMs), 1);
  expect(breaker.blockedUntil(nowMs)).toBe(nowMs + 2_000);
});

test("a rest is drawn at random below its bound, and is never none at all", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
      const untilMs = opened(random).blockedUntil(0) ?? 0;
      expect(untilMs).toBeGreaterThanOrEqual(500);
      expect(untilMs).toBeLessThanOrEqual(2_000);
    }),
  );
});

test("a probe that ends without a word leaves its place, and one of which nothing is heard does not keep it for ever", () => {
  const breaker = opened();
  const first = breaker.enter(2_000);
  expect(first.kind).toBe("probe");
  expect(breaker.enter(2_000).kind).toBe("blocked");
  breaker.ended(first.kind === "probe" ? first.probe : null);
  expect(breaker.enter(2_000).kind).toBe("probe");
  expect(breaker.enter(2_000 + 31 * 60_000).kind).toBe("probe");
});

type Event = { kind: "enter" | "wait" | "answer" | "fail" | "leave"; pick: number };
const event = fc.record({
  kind: fc.constantFrom<Event["kind"]>("enter", "wait", "answer", "fail", "leave"),
  pick: fc.nat(5_000),
});

test("in any order of events at most one probe is under way, and nobody else goes through until one was good", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const breaker = opened();
      let nowMs = 0;
      let isClosed = false;
      const under: (number | null)[] = [];
      for (const { kind, pick } of events) {
        if (kind === "wait") nowMs += pick;
        if (kind === "enter") {
          const admission = breaker.enter(nowMs);
          if (admission.kind === "closed") expect(isClosed).toBe(true);
          if (admission.kind !== "blocked") under.push(admission.kind === "probe" ? admission.probe : null);
          expect(under.filter((probe) => probe !== null).length).toBeLessThanOrEqual(1);
        }
        if (kind === "wait" || kind === "enter" || under.length === 0) continue;
        const [probe = null] = under.splice(pick % under.length, 1);
        if (kind === "answer") breaker.answered(report(nowMs, "siti", probe));
        if (kind === "fail") breaker.failed(report(nowMs, "siti", probe), (pick % 100) / 100);
        if (kind === "leave") breaker.ended(probe);
        if (probe !== null && kind === "answer") isClosed = true;
        isClosed = breaker.blockedUntil(nowMs) === null && isClosed;
        if (breaker.blockedUntil(nowMs) !== null) isClosed = false;
      }
    }),
    { numRuns: 500 },
  );
});
