import { expect, test } from "bun:test";
import type { TFunction } from "i18next";
import { modelsProblem, offeredEntries, readModels } from "./allowed-models.ts";

const t = ((key: string) => key) as TFunction;

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

test("a form without the list means all models, and what is typed and not added yet counts as added", () => {
  expect(readModels(formOf({}))).toBeNull();
  expect(readModels(formOf({ allowedModels: "" }))).toEqual([]);
  const typed = { allowedModels: "openai/gpt-4o acme/*", allowedModelTyped: " ACME/*, gpt-3.5" };
  expect(readModels(formOf(typed))).toEqual(["openai/gpt-4o", "acme/*", "gpt-3.5"]);
});

test("entries that could never hold a model are refused before they are sent", () => {
  expect(modelsProblem(null, t)).toBeUndefined();
  expect(modelsProblem(["openai/*", "ollama/llama3:70b", "gpt-3.5"], t)).toBeUndefined();
  expect(modelsProblem(["openai/*", "~openai/gpt-latest"], t)).toBe("keys.modelsNewest");
  expect(modelsProblem(["openai/gpt-4o:nitro"], t)).toBe("keys.modelsVariant");
  expect(modelsProblem(["a/".padEnd(201, "b")], t)).toBe("keys.modelsInvalid");
  expect(
    modelsProblem(
      Array.from({ length: 101 }, (_, index) => `a/${index}`),
      t,
    ),
  ).toBe("keys.modelsTooMany");
});

test("all models of an author are offered before each model", () => {
  expect(offeredEntries(["openai/gpt-4o", "acme/m", "openai/o3"])).toEqual([
    ...["acme/*", "openai/*"],
    ...["openai/gpt-4o", "acme/m", "openai/o3"],
  ]);
});
