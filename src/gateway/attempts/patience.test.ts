import { expect, test } from "bun:test";
import { DEFAULT_TIMEOUTS } from "../../kernel/timeouts.ts";
import { plainModel } from "../providers/openai-compatible/plain-models.ts";
import { patienceFor } from "./patience.ts";

const plain = { ...plainModel("acme/m", "m"), supportedParameters: ["temperature"] };
const thinker = { ...plain, supportedParameters: ["reasoning"] };

test("a model that thinks is waited for longer, unless the operator has said how long", () => {
  const usual = patienceFor({ model: plain }, undefined, DEFAULT_TIMEOUTS);
  expect(usual).toEqual({ firstByteMs: 60_000, wholeAnswerMs: 300_000, silenceMs: 30_000 });
  expect(patienceFor({}, undefined, DEFAULT_TIMEOUTS)).toEqual(usual);
  expect(patienceFor({ model: thinker }, undefined, DEFAULT_TIMEOUTS)).toEqual({
    firstByteMs: 240_000,
    wholeAnswerMs: 300_000,
    silenceMs: 120_000,
  });
  expect(patienceFor({ model: thinker }, { firstByteMs: 7, silenceMs: 8 }, DEFAULT_TIMEOUTS)).toEqual({
    firstByteMs: 7,
    wholeAnswerMs: 300_000,
    silenceMs: 8,
  });
});

test("what is said of the model counts before what is said of its provider", () => {
  const model = { ...thinker, timeouts: { firstByteMs: 1 } };
  expect(patienceFor({ model }, { firstByteMs: 2, silenceMs: 3 }, DEFAULT_TIMEOUTS)).toMatchObject({
    firstByteMs: 1,
    silenceMs: 3,
  });
});
