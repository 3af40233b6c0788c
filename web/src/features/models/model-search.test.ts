import { expect, test } from "bun:test";
import { matchingModels } from "./model-search.ts";

const models = [
  { id: "openai/gpt-4o", name: "GPT-4o", providers: [{ slug: "azure", name: "Microsoft Azure" }] },
  { id: "sandbox/chat", name: "Sandbox", providers: [] },
];

test("a model is found by any words of its id and name, in any order and case", () => {
  expect(matchingModels(models, "4O openai")).toEqual([models[0] ?? expect.anything()]);
  expect(matchingModels(models, "openai sandbox")).toEqual([]);
});

test("a model is found by who serves it", () => {
  expect(matchingModels(models, "microsoft gpt")).toEqual([models[0] ?? expect.anything()]);
});

test("no words leave all models in their order", () => {
  expect(matchingModels(models, "  ")).toEqual(models);
});
