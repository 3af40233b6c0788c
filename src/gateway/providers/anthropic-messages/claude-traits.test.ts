import { expect, test } from "bun:test";
import { claudeTraits } from "./claude-traits.ts";

test("a model's name tells how it thinks, in every cloud's spelling", () => {
  const thinking = (model: string) => [claudeTraits(model).thinking, claudeTraits(model).thinkingOff];
  expect(thinking("claude-3-5-haiku-20241022")).toEqual(["none", "unsaid"]);
  expect(thinking("claude-3-7-sonnet-latest")).toEqual(["budget", "unsaid"]);
  expect(thinking("claude-sonnet-4-20250514")).toEqual(["budget", "unsaid"]);
  expect(thinking("claude-haiku-4-5-20251001")).toEqual(["budget", "unsaid"]);
  expect(thinking("us.anthropic.claude-sonnet-4-5-20250929-v1:0")).toEqual(["budget", "unsaid"]);
  expect(thinking("claude-opus-4-6")).toEqual(["either", "unsaid"]);
  expect(thinking("anthropic/claude-opus-4.6")).toEqual(["either", "unsaid"]);
  expect(thinking("claude-opus-4-8")).toEqual(["adaptive", "unsaid"]);
  expect(thinking("claude-sonnet-5")).toEqual(["adaptive", "disabled"]);
  expect(thinking("claude-haiku-5-5")).toEqual(["adaptive", "disabled"]);
  expect(thinking("claude-sonnet-5-5")).toEqual(["adaptive", "between_tools"]);
  expect(thinking("claude-opus-5-5")).toEqual(["adaptive", "never"]);
  expect(thinking("claude-fable-5")).toEqual(["adaptive", "never"]);
  expect(thinking("claude-mythos-preview")).toEqual(["adaptive", "never"]);
});

test("an unknown name is taken for one of the newest models", () => {
  expect(claudeTraits("some-deployment")).toMatchObject({
    thinking: "adaptive",
    takesSampling: false,
    takesSchema: true,
  });
  expect(claudeTraits("claude-4-sonnet")).toMatchObject({ thinking: "budget", maxOutputTokens: 64_000 });
});

test("limits, efforts and forced tools are those of the model", () => {
  expect(claudeTraits("claude-3-opus-20240229").maxOutputTokens).toBe(4_096);
  expect(claudeTraits("claude-opus-4-1-20250805").maxOutputTokens).toBe(32_000);
  expect(claudeTraits("claude-opus-5").maxOutputTokens).toBe(128_000);
  expect(claudeTraits("claude-opus-4-5").efforts).toEqual(["low", "medium", "high"]);
  expect(claudeTraits("claude-haiku-4-5").efforts).toEqual([]);
  expect(claudeTraits("claude-opus-5").takesForcedTool).toBe(true);
  expect(claudeTraits("claude-sonnet-5-5").takesForcedTool).toBe(false);
  expect(claudeTraits("claude-haiku-5-5").takesForcedTool).toBe(true);
  expect(claudeTraits("claude-fable-5-1").takesForcedTool).toBe(false);
});
