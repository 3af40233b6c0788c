/** S5: streams that are written strangely mean what they say; streams that say nonsense fail cleanly. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { atOnce } from "../support/at-once.ts";
import { type FaultGateway, startFaultGateway } from "../support/fault-gateway.ts";
import { answerText } from "../support/fault-provider/answer.ts";
import { anyForm, type FaultScript, WHOLE_ANSWER } from "../support/fault-provider/script.ts";
import { randomFrom } from "../support/fuzz/random.ts";
import { hear, soundsWhole } from "../support/heard.ts";

let gateway: FaultGateway;
beforeAll(async () => {
  gateway = await startFaultGateway();
});
afterAll(() => gateway.stop());

async function heardOf(fault: Partial<FaultScript>) {
  const answer = await gateway.chat({ stream: true, fault: { ...fault } });
  expect(answer.status).toBe(200);
  return hear(await answer.text());
}

test("a stream means the same in any line ends, comments, lines of data, marks and pieces", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1 }), async (seed) => {
      const form = { ...anyForm(randomFrom(seed)), tokens: 6 };
      const heard = await heardOf(form);
      expect({ text: heard.text, isWhole: soundsWhole(heard) }).toEqual({
        text: answerText({ ...WHOLE_ANSWER, ...form }),
        isWhole: true,
      });
      expect(heard.ids.size).toBe(1);
      // What the provider reports; counted from the words where it reports nothing, which gives as many.
      expect(heard.usages.map(({ completion_tokens }) => completion_tokens)).toEqual([6]);
    }),
    { numRuns: 150 },
  );
});

const NONSENSE = ["invalid-json", "not-an-object", "long-line", "error"] as const;
test.each(NONSENSE)("%s in the middle of a stream ends it with an error behind the words before it", async (of) => {
  const heard = await heardOf({ tokens: 6, instead: { token: 3, of }, betweenMs: 1 });
  expect(heard.errors).toHaveLength(1);
  expect(heard).toMatchObject({ isDone: false, finishReason: "error" });
  expect(heard.text).toBe(answerText({ ...WHOLE_ANSWER, tokens: 3 }));
});

test("lines that belong to no event are left out", async () => {
  const heard = await heardOf({ tokens: 4, instead: { token: 3, of: "garbage" } });
  expect(heard.text).toBe(answerText({ ...WHOLE_ANSWER, tokens: 3 }));
  expect(soundsWhole(heard)).toBe(true);
});

test.each(["missing", "negative", "absurd"] as const)(
  "usage that is %s is counted from the words instead",
  async (usage) => {
    const before = (await gateway.rows()).length;
    const heard = await heardOf({ tokens: 6, usage });
    expect(heard.usages.map(({ completion_tokens }) => completion_tokens)).toEqual([6]);
    expect((await gateway.rowsWhen(before + 1)).at(-1)).toMatchObject({ completion_tokens: 6, tokens_estimated: 1 });
  },
);

test("an answer whose chunks or length are wrong is an error, unless a stream had said its end before", async () => {
  const wrong: Partial<FaultScript>[] = [
    { framing: "chunked", lengthOffBy: 3 },
    { framing: "chunked", lengthOffBy: -3 },
    { framing: "length", lengthOffBy: 100 },
  ];
  const seen = await atOnce(
    2,
    [true, false].flatMap((stream) => wrong.map((fault) => ({ stream, fault }))),
    async ({ stream, fault }) => {
      const answer = await gateway.chat({ stream, fault: { ...fault } });
      const text = await answer.text();
      if (answer.status !== 200) return null;
      if (!stream) return { stream, fault };
      const heard = hear(text);
      // What is missing behind the end of a stream takes nothing from it.
      return soundsWhole(heard) && heard.text !== answerText(WHOLE_ANSWER) ? { stream, fault } : null;
    },
  );
  expect(seen).toEqual(seen.map(() => null));
});

test("bytes behind the end that was announced reach nobody", async () => {
  const answer = await gateway.chat({ fault: { framing: "length", lengthOffBy: -5 } });
  expect(answer.status).toBe(502);
  const next = await gateway.chat();
  expect(((await next.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content).toBe(
    answerText(WHOLE_ANSWER),
  );
});
