import { expect, test } from "bun:test";
import { followRequests } from "./follow-requests.ts";

test("a stream of requests ends for somebody who may not read any more", async () => {
  const allowed = [true, false];
  const stream = followRequests(
    {
      usage: { page: async () => ({ rows: [], nextCursor: null, searchedToMs: null }) },
      view: () => expect.unreachable(),
      sleep: async () => {},
      isEnding: () => false,
      clock: { nowMs: () => 0, monotonicMs: () => 0 },
    },
    {
      ...{ userId: "u_1", keyId: undefined, member: undefined, gone: new AbortController().signal },
      isStillAllowed: async () => allowed.shift() ?? true,
    },
  );
  expect(await Array.fromAsync(stream)).toEqual(["retry: 2000\n\n"]);
  expect(allowed).toEqual([]);
});
