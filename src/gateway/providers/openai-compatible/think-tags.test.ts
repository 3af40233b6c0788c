import { expect, test } from "bun:test";
import fc from "fast-check";
import type { JsonObject } from "../../../kernel/json.ts";
import { ThinkTags } from "./think-tags.ts";

/** The thoughts and the text of a stream of these pieces. */
function streamed(pieces: readonly string[]): { thoughts: string; text: string } {
  const tags = new ThinkTags();
  let thoughts = "";
  let text = "";
  for (const [at, content] of pieces.entries()) {
    const delta: JsonObject = { content };
    tags.read({ choices: [{ index: 0, delta, finish_reason: at === pieces.length - 1 ? "stop" : null }] });
    thoughts += String(delta.reasoning ?? "");
    text += String(delta.content ?? "");
  }
  return { thoughts, text };
}

function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
}

test("thoughts between tags leave the content, wherever the stream is cut", () => {
  const whole = "\n<think>Is 1 < 2? </thin no.</think>\n\nYes, </think> is a tag.";
  fc.assert(
    fc.property(fc.array(fc.nat(200)), (places) => {
      expect(streamed(cut(whole, places))).toEqual({
        thoughts: "Is 1 < 2? </thin no.",
        text: "Yes, </think> is a tag.",
      });
    }),
  );
});

test("a text that does not begin with the tag stays as it is, wherever it is cut", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(200)), (text, places) => {
      fc.pre(!text.trimStart().startsWith("<think>"));
      expect(streamed(cut(text, places))).toEqual({ thoughts: "", text });
    }),
  );
  expect(streamed(["<thi", "nk"])).toEqual({ thoughts: "", text: "<think" });
});

test("thoughts that are never closed are thoughts, and a chunk without content ends them too", () => {
  expect(streamed(["<think>They ", "ask</thi"])).toEqual({ thoughts: "They ask</thi", text: "" });
  const tags = new ThinkTags();
  tags.read({ choices: [{ index: 0, delta: { content: "<think>a</th" }, finish_reason: null }] });
  const delta: JsonObject = {};
  tags.read({ choices: [{ index: 0, delta, finish_reason: "length" }] });
  expect(delta).toEqual({ content: "", reasoning: "</th" });
});

test("choices and messages of a whole answer are read each for itself", () => {
  const message: JsonObject = { role: "assistant", content: "<think>a</think>b" };
  const other: JsonObject = { role: "assistant", content: "c" };
  new ThinkTags().read({
    choices: [
      { index: 0, message, finish_reason: "stop" },
      { index: 1, message: other, finish_reason: "stop" },
    ],
  });
  expect(message).toEqual({ role: "assistant", content: "b", reasoning: "a" });
  expect(other).toEqual({ role: "assistant", content: "c" });
});
