import { expect, test } from "bun:test";
import { JobBoard } from "./job-board.ts";

function setup() {
  const time = { ms: 1_000 };
  const board = new JobBoard({ nowMs: () => time.ms, monotonicMs: () => time.ms });
  return { time, board };
}

test("a job says when it ran, how long, and when it runs next; while it runs there is no next", async () => {
  const { time, board } = setup();
  const run = board.watched("mail", 5_000, async () => {
    time.ms += 40;
    expect(board.states()).toMatchObject([{ isRunning: true, nextRunAt: null }]);
  });
  expect(board.states()).toMatchObject([{ name: "mail", lastRunAt: null, nextRunAt: 6_000, error: null }]);
  time.ms = 6_000;
  await run();
  expect(board.states()).toEqual([
    { name: "mail", everyMs: 5_000, isRunning: false, lastRunAt: 6_000, lastRunMs: 40, nextRunAt: 11_040, error: null },
  ]);
});

test("what a run failed with stays until a run goes well, and is still thrown", async () => {
  const { board } = setup();
  const outcomes = [new Error("no route to host"), null];
  const run = board.watched("prices", 60_000, async () => {
    const failure = outcomes.shift();
    if (failure) throw failure;
  });
  expect(run()).rejects.toThrow("no route to host");
  await Promise.resolve();
  expect(board.states()[0]?.error).toEqual({ at: 1_000, text: "no route to host" });
  await run();
  expect(board.states()[0]?.error).toBeNull();
});
