import { expect, test } from "bun:test";
import type { JsonObject } from "../../../kernel/json.ts";
import { normalizeFinish } from "./finish-reason.ts";

test("every provider's word for an end becomes one of five, and stays beside it as it was", () => {
  const words: [string, string][] = [
    ["stop", "stop"],
    ["end_turn", "stop"],
    ["eos", "stop"],
    ["max_tokens", "length"],
    ["MAX_TOKENS", "length"],
    ["tool_use", "tool_calls"],
    ["function_call", "tool_calls"],
    ["SAFETY", "content_filter"],
    ["content_filter", "content_filter"],
    ["error", "error"],
  ];
  for (const [native, normal] of words) {
    const choice: JsonObject = { finish_reason: native };
    normalizeFinish(choice);
    expect(choice).toEqual({ finish_reason: normal, native_finish_reason: native });
  }
});

test("while an answer goes on it has no reason", () => {
  const choice: JsonObject = { delta: {} };
  normalizeFinish(choice);
  expect(choice).toEqual({ delta: {}, finish_reason: null, native_finish_reason: null });
});
