import { describe, expect, test } from "bun:test";
import { AllowedModels, matchesPattern, matchingNothing } from "./allowed-models.ts";

describe("a list of allowed models", () => {
  const holds = (entries: string[], id: string) => new AllowedModels(entries).holds(id);

  test("holds an id that stands in it, whole and in any case, and no other that begins like it", () => {
    expect(holds(["openai/gpt-4o"], "OpenAI/GPT-4o")).toBe(true);
    expect(holds(["openai/gpt-4o"], "openai/gpt-4o-mini")).toBe(false);
    expect(holds(["openai/gpt-4o"], "openai/gpt-4o:free")).toBe(false);
    expect(holds(["openai/gpt-4o:free"], "openai/gpt-4o")).toBe(false);
  });

  test("holds what one of its patterns stands for, and nothing around it", () => {
    expect(holds(["anthropic/*", "openai/*-mini"], "openai/gpt-4o-mini")).toBe(true);
    expect(holds(["openai/*"], "openai/gpt-4o:free")).toBe(true);
    expect(holds(["openai/*"], "~openai/gpt-latest")).toBe(false);
    expect(holds(["openai/*"], "azure/openai/gpt-4o")).toBe(false);
    expect(holds(["*"], "anything/at-all")).toBe(true);
  });

  test("that is empty holds nothing", () => {
    expect(holds([], "openai/gpt-4o")).toBe(false);
    expect(holds([], "")).toBe(false);
  });
});

test("a star stands for anything, also for nothing, and parts never share a letter", () => {
  expect(matchesPattern("*ab*ba", "aba")).toBe(false);
  expect(matchesPattern("*ab*ba", "abba")).toBe(true);
  expect(matchesPattern("a/*", "a/")).toBe(true);
  expect(matchesPattern("a**b", "ab")).toBe(true);
  const long = "a".repeat(50_000);
  expect(matchesPattern("*a".repeat(90), `${long}b`)).toBe(false);
});

test("entries that hold nothing of a catalogue are told apart from those that do", () => {
  const ids = ["OpenAI/gpt-4o", "anthropic/claude"];
  expect(matchingNothing(["openai/gpt-4o", "openai/*", "acme/*", "openai/gpt-9"], ids)).toEqual([
    "acme/*",
    "openai/gpt-9",
  ]);
});
