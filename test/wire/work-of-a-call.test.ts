/**
 * How often the bodies of a call are parsed and written anew, and how many calls outlive a small collection of garbage.
 * Counts hold what clocks cannot: that the way of a request does not grow longer unseen. Those of the first kind are the
 * same on every machine.
 */
import { edenGC, fullGC, heapStats } from "bun:jsc";
import { afterEach, expect, spyOn, test } from "bun:test";
import {
  chunk,
  completion,
  eventStream,
  type Harness,
  readStream,
  startDataPlaneWith,
  usageEvent,
} from "../support/data-plane.ts";

const ASKED = "a-word-of-the-question";
const ANSWERED = "a-word-of-the-answer";
const CHUNKS = 50;
const CALLERS = 32;
/** The first, once more for whether a first word has come, and the one that the others are like. */
const READ_CHUNKS = 3;

let harness: Harness;
afterEach(() => harness.stop());

/** As an instance is by default: nothing of bodies is kept. */
async function start(answer: () => Response): Promise<void> {
  harness = await startDataPlaneWith({ payloads: null }, answer);
}

/** Calls once so that the key is known, and counts what the second call does. */
async function workOf(call: () => Promise<unknown>) {
  await call();
  const parse = spyOn(JSON, "parse");
  const stringify = spyOn(JSON, "stringify");
  try {
    await call();
    const count = (texts: readonly unknown[], word: string) =>
      texts.filter((text) => String(text).includes(word)).length;
    const parsed = parse.mock.calls.map(([text]) => text);
    const written = stringify.mock.results.map(({ value }) => value);
    return {
      all: { parsed: parsed.length, written: written.length },
      question: { parsed: count(parsed, ASKED), written: count(written, ASKED) },
      answer: { parsed: count(parsed, ANSWERED), written: count(written, ANSWERED) },
    };
  } finally {
    parse.mockRestore();
    stringify.mockRestore();
  }
}

function question(more: object = {}): string {
  return JSON.stringify({ model: "acme/m", messages: [{ role: "user", content: ASKED }], ...more });
}

test("the question is parsed once and goes on as it came, the answer is parsed and written once, and nothing else is", async () => {
  const message = { role: "assistant", content: ANSWERED };
  const answer = JSON.stringify({ ...completion, choices: [{ ...completion.choices[0], message }] });
  await start(() => new Response(answer, { headers: { "content-type": "application/json" } }));
  const asked = question();
  const work = await workOf(async () => (await harness.call(asked)).text());
  expect(work.question).toEqual({ parsed: 1, written: 0 });
  expect(work.answer).toEqual({ parsed: 1, written: 1 });
  expect(work.all).toEqual({ parsed: 2, written: 1 });
});

test("of a stream whose chunks differ in their text alone only the first are parsed and written, and the whole takes no more than a few beside", async () => {
  const chunks = Array.from({ length: CHUNKS }, (_, index) => chunk({ content: `${ANSWERED} ${index}` }));
  const text = [...chunks, usageEvent, "data: [DONE]\n\n"].join("");
  await start(() => new Response(text, eventStream));
  const asked = question({ stream: true });
  const work = await workOf(async () => readStream(await harness.call(asked)));
  expect(work.question).toEqual({ parsed: 1, written: 0 });
  expect(work.answer.parsed).toBeLessThanOrEqual(READ_CHUNKS);
  // And the text alone, to find where it stands in the event and in the frame.
  expect(work.answer.written).toBeLessThanOrEqual(READ_CHUNKS + 2);
  expect(work.all.parsed - work.answer.parsed).toBeLessThanOrEqual(2);
  expect(work.all.written - work.answer.written).toBeLessThanOrEqual(4);
});

test("of calls that are over nothing is left for the next small collection of garbage", async () => {
  await start(() => Response.json(completion));
  const asked = question();
  const calls = async (count: number) => {
    const rest = Array.from({ length: count }).values();
    const caller = async () => {
      for (const _ of rest) await (await harness.call(asked)).text();
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  };
  const requests = () => heapStats().objectTypeCounts.Request ?? 0;
  await calls(300);
  fullGC();
  const before = requests();
  for (let round = 0; round < 4; round++) {
    await calls(300);
    edenGC();
  }
  // Those that were running when a collection began: some dozens. With a Set on their way it is nearly all of 1,200.
  expect(requests() - before).toBeLessThan(300);
});
