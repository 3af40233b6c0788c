import { expect, test } from "bun:test";
import type { ChangeMarks } from "../../storage/stores/change-marks.ts";
import { createFollowChanges, type Follower, MOST_STREAMS } from "./follow-changes.ts";

const FIRST: ChangeMarks = { usage: "1", alerts: "0", keys: "1" };

/** A clock that only sleeping moves on, and marks that follow a script: one entry for each question. */
function scene(script: readonly Partial<ChangeMarks>[] = []) {
  const state = { nowMs: 0, asked: 0, isEnding: false };
  const follow = createFollowChanges({
    marks: async () => ({ ...FIRST, ...script[Math.min(state.asked++, script.length - 1)] }),
    sleep: async (ms) => {
      state.nowMs += ms;
    },
    isEnding: () => state.isEnding,
    clock: { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs },
  });
  return { state, follow };
}

function follower(change: Partial<Follower> = {}): Follower {
  const gone = new AbortController().signal;
  return { userId: "u_1", accountId: "u_1", maker: null, gone, isStillAllowed: async () => true, ...change };
}

const saidOf = async (stream: AsyncGenerator<string>) => (await stream.next()).value;

test("what has changed is told by name, without what it is, and once for all that happens in a few seconds", async () => {
  const { follow, state } = scene([{}, { usage: "2", keys: "3" }, { usage: "2", keys: "3" }, { alerts: "1" }]);
  const stream = follow(follower());
  expect(await saidOf(stream)).toBe("retry: 2000\ndata: []\n\n");
  expect(await saidOf(stream)).toBe('data: ["usage","keys"]\n\n');
  expect(state.nowMs).toBeGreaterThanOrEqual(5_000);
  expect(await saidOf(stream)).toBe('data: ["usage","alerts","keys"]\n\n');
});

test("a stream ends when its session or role does, when nobody reads it, when the server stops, and after a while", async () => {
  const endsOf = async (change: Partial<Follower>, isEnding = false) => {
    const { follow, state } = scene([{}, { usage: "2" }]);
    state.isEnding = isEnding;
    return (await Array.fromAsync(follow(follower(change)))).filter((text) => text.startsWith("data:")).length;
  };
  expect(await endsOf({ isStillAllowed: async () => false })).toBe(0);
  expect(await endsOf({ gone: AbortSignal.abort() })).toBe(0);
  expect(await endsOf({}, true)).toBe(0);
  expect(await endsOf({})).toBe(1);
});

test("many who look at the same account ask one question, and what nobody looks at is not asked for", async () => {
  const { follow, state } = scene();
  const people = Array.from({ length: 5 }, (_, index) => follow(follower({ userId: `u_${index}` })));
  for (const stream of people) await stream.next();
  expect(state.asked).toBe(1);
  const other = follow(follower({ userId: "u_9", maker: "u_9" }));
  await other.next();
  expect(state.asked).toBe(2);
  for (const stream of [...people, other]) await stream.return(undefined);
  expect(state.asked).toBe(2);
});

test("a person has so many streams and no more, and has room again when one ends", async () => {
  const { follow } = scene();
  const open = Array.from({ length: MOST_STREAMS }, () => follow(follower()));
  for (const stream of open) await stream.next();
  expect(await Array.fromAsync(follow(follower()))).toEqual(["retry: 60000\n\n"]);
  expect(await saidOf(follow(follower({ userId: "u_2" })))).toContain("data: []");
  await open[0]?.return(undefined);
  expect(await saidOf(follow(follower()))).toContain("data: []");
});
