import { expect, test } from "bun:test";
import { type AnswerEnd, isInsured } from "./insurance.ts";

const good: AnswerEnd = { apiType: "chat", cancelled: false, finishReason: "stop", completionTokens: 5 };

test("an answer that ended with an error costs nothing, however much of it there was", () => {
  expect(isInsured({ ...good, finishReason: "error" })).toBe(true);
  expect(isInsured({ ...good, finishReason: "error", completionTokens: 0 })).toBe(true);
  expect(isInsured({ ...good, apiType: "responses", finishReason: "error" })).toBe(true);
});

test("an empty answer that does not say why it ended costs nothing", () => {
  expect(isInsured({ ...good, finishReason: null, completionTokens: 0 })).toBe(true);
});

test("every other answer is paid for: one that is empty on purpose, one without a reason, a vector, one that was left", () => {
  const paid: Partial<AnswerEnd>[] = [
    {},
    { completionTokens: 0 },
    { finishReason: null },
    { finishReason: "length", completionTokens: 0 },
    { apiType: "embeddings", finishReason: null, completionTokens: 0 },
    { apiType: "rerank", finishReason: null, completionTokens: 0 },
    { cancelled: true, finishReason: null, completionTokens: 0 },
    { cancelled: true, finishReason: "error" },
  ];
  for (const end of paid) expect([end, isInsured({ ...good, ...end })]).toEqual([end, false]);
});
