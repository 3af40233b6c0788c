/** What a visitor waits for: nothing may creep into the first load. */
import { expect, test } from "bun:test";
import { firstLoad, MOST_KILOBYTES } from "../../bench/pages/first-load.ts";

const BUILD_MS = 120_000;

test(
  "the Dashboard stands after no more than 250 KB, compressed",
  async () => {
    const { kilobytes } = await firstLoad();
    expect(kilobytes).toBeGreaterThan(50);
    expect(kilobytes).toBeLessThanOrEqual(MOST_KILOBYTES);
  },
  BUILD_MS,
);
