import { expect, test } from "bun:test";
import { outageHour } from "./outage-hour.ts";

const PATIENCE_MS = 60_000;

test(
  "in an hour of outages, fallback saves nearly every request that was hit, and health keeps most from being hit",
  () => {
    const results = outageHour(7);
    const of = (strategy: string) => {
      const found = results.find((result) => result.strategy === strategy);
      if (!found) throw new Error(`${strategy} was not simulated`);
      return found;
    };
    const [blind, sees] = [of("fallback, blind"), of("fallback and health (the default)")];
    expect(of("one provider, no fallback").savedPct).toBe(0);
    expect(blind.savedPct).toBeGreaterThan(99.9);
    expect(sees.answeredPct).toBeGreaterThan(99.9);
    expect(sees.hit).toBeLessThan(blind.hit / 2);
    expect(of("draw by price, no fallback").answeredPct).toBeGreaterThan(
      of("draw by price, no fallback, blind").answeredPct,
    );
    expect(outageHour(7)).toEqual(results);
  },
  PATIENCE_MS,
);
