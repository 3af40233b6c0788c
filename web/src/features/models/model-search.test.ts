import { expect, test } from "bun:test";
import { matchingModels } from "./model-search.ts";

const models = [
  { id: "openai/gpt-4o", name: "GPT-4o" },
  { id: "sandbox/chat", name: "Sandbox" },
];

test("a model is found by any words of its id and name, in any order and case", () => {
  expect(matchingModels(models, "4O openai")).toEqual([models[0] ?? expect.anything()]);
  expect(matchingModels(models, "openai sandbox")).toEqual([]);
});

test("no words leave all models in their order", () => {
  expect(matchingModels(models, "  ")).toEqual(models);
});
