import { describe, expect, test } from "bun:test";
import { Batcher, type BatcherOptions } from "./batcher.ts";

const never = () => false;

function batcher(write: (rows: string[]) => Promise<void>, options: Partial<BatcherOptions<string, string>> = {}) {
  const limits = { maxBatch: 3, maxWaiting: 5, gatherMs: 1, retryForMs: 200, retryEveryMs: 1 };
  const flush = (rows: string[]) => write(rows).then(() => rows.map((row) => `wrote ${row}`));
  return new Batcher<string, string>({ flush, isFaultOfRow: never, ...limits, ...options });
}

describe("batcher", () => {
  test("a row is reported durable only after its own batch is", async () => {
    const release = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const written = batcher(() => {
      reached.resolve();
      return release.promise;
    });
    let isDurable = false;
    const added = written.add("a").then(() => {
      isDurable = true;
    });
    await reached.promise;
    expect(isDurable).toBe(false);
    release.resolve();
    await added;
    expect(isDurable).toBe(true);
  });

  test("rows that arrive while a batch is being written share the next ones, in order, at most maxBatch at a time", async () => {
    const batches: string[][] = [];
    let running = 0;
    const written = batcher(
      async (rows) => {
        expect(++running).toBe(1);
        batches.push(rows);
        await Promise.resolve();
        running--;
      },
      { maxWaiting: 100 },
    );
    await Promise.all([..."abcdefgh"].map((row) => written.add(row)));
    expect(batches).toEqual([
      ["a", "b", "c"],
      ["d", "e", "f"],
      ["g", "h"],
    ]);
  });

  test("callers who come again and again are not made to wait for company that there is none of", async () => {
    const sizes: number[] = [];
    const written = batcher((rows) => Promise.resolve(void sizes.push(rows.length)), {
      maxBatch: 100,
      maxWaiting: 100,
      gatherMs: 3_600_000,
    });
    const caller = async () => {
      for (let round = 0; round < 5; round++) {
        await written.add("a");
        // Until the writer rests.
        await written.drain();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await Promise.all(Array.from({ length: 8 }, caller));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(40);
  });

  test("every row hears what came of itself, whichever batch it went with", async () => {
    const written = batcher(() => Promise.resolve());
    expect(await Promise.all([..."abcde"].map((row) => written.add(row)))).toEqual(
      [..."abcde"].map((row) => `wrote ${row}`),
    );
  });

  test("more rows than may wait are refused at once, and the others are still written", async () => {
    const batches: string[][] = [];
    const written = batcher((rows) => Promise.resolve(void batches.push(rows)));
    const outcomes = await Promise.allSettled([..."abcdefg"].map((row) => written.add(row)));
    expect(outcomes.map(({ status }) => status)).toEqual([...new Array(5).fill("fulfilled"), "rejected", "rejected"]);
    expect(batches.flat()).toEqual([..."abcde"]);
  });

  test("a batch that fails is tried again until it succeeds, with the same rows", async () => {
    const tried: string[][] = [];
    const written = batcher((rows) => {
      tried.push(rows);
      return tried.length < 4 ? Promise.reject(new Error("busy")) : Promise.resolve();
    });
    await Promise.all([written.add("a"), written.add("b")]);
    expect(tried).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  test("a batch that goes on failing is given up, its rows are told so, and later rows are served", async () => {
    let isBroken = true;
    const written = batcher(() => (isBroken ? Promise.reject(new Error("no disk")) : Promise.resolve()), {
      retryForMs: 5,
    });
    await expect(written.add("a")).rejects.toThrow("no disk");
    isBroken = false;
    await written.add("b");
  });

  test("a row that can never be written is refused alone, at once, and its neighbours are written", async () => {
    const durable: string[] = [];
    let tries = 0;
    const written = batcher(
      (rows) => {
        tries++;
        if (rows.includes("bad")) return Promise.reject(new RangeError("bad row"));
        durable.push(...rows);
        return Promise.resolve();
      },
      { isFaultOfRow: (error) => error instanceof RangeError },
    );
    const outcomes = await Promise.allSettled(["a", "bad", "c"].map((row) => written.add(row)));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(durable).toEqual(["a", "c"]);
    expect(tries).toBe(4);
  });

  test("draining waits for everything that was added, also while it drains", async () => {
    const durable: string[] = [];
    const written = batcher((rows) => Promise.resolve(void durable.push(...rows)));
    const added = written.add("a").then(() => written.add("b"));
    await written.drain();
    await added;
    await written.drain();
    expect(durable).toEqual(["a", "b"]);
  });
});
