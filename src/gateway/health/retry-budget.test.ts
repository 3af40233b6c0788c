import { expect, test } from "bun:test";
import fc from "fast-check";
import { RetryBudget } from "./retry-budget.ts";

const WINDOW_MS = 10_000;

test("whatever comes in whatever order, no ten seconds see more than a fifth of extra attempts, or three", () => {
  const event = fc.record({ isRequest: fc.boolean(), afterMs: fc.nat(1_500) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 400 }), (events) => {
      const budget = new RetryBudget();
      const requests: number[] = [];
      const granted: number[] = [];
      let nowMs = 0;
      for (const { isRequest, afterMs } of events) {
        nowMs += afterMs;
        if (isRequest) {
          budget.request(nowMs);
          requests.push(nowMs);
        } else if (budget.take(nowMs)) {
          granted.push(nowMs);
          // The window is cut into seconds, so its oldest part may be forgotten up to a second early.
          const inWindow = (times: number[], lengthMs: number) => times.filter((ms) => ms > nowMs - lengthMs).length;
          const extra = inWindow(granted, WINDOW_MS - 1_000);
          expect(extra).toBeLessThanOrEqual(Math.max(3, Math.floor(inWindow(requests, WINDOW_MS) / 5)));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("while a provider fails every request for a minute, it gets at most 1.2 attempts for each", () => {
  const budget = new RetryBudget();
  let attempts = 0;
  const requests = 60 * 500;
  for (let count = 0; count < requests; count++) {
    const nowMs = count * 2;
    budget.request(nowMs);
    attempts += budget.take(nowMs) ? 2 : 1;
  }
  expect(attempts / requests).toBeLessThanOrEqual(1.2);
  expect(attempts / requests).toBeGreaterThan(1.15);
});
