import { expect, test } from "bun:test";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { comparedIds, modelPath, modelsSearch } from "./models-search.ts";
import { nextSort, selectedModels } from "./select-models.ts";

function model(id: string, more: { prompt?: string; context?: number | null; can?: string[]; by?: string } = {}) {
  const { prompt = "0.000001", context = 8_000, can = [], by = "azure" } = more;
  const made: Partial<CatalogModel> = {
    id,
    name: id.split("/")[1] ?? id,
    pricing: { prompt, completion: prompt },
    context_length: context,
    created: 0,
    supported_parameters: can,
    architecture: {
      modality: null,
      input_modalities: ["text"],
      output_modalities: ["text"],
      tokenizer: "",
      instruct_type: null,
    },
    providers: [{ slug: by, name: by === "azure" ? "Microsoft Azure" : by }],
  };
  return made as CatalogModel;
}

const models = [
  model("openai/gpt-4o", { prompt: "0.0000025", context: 128_000, can: ["tools", "reasoning"] }),
  model("acme/free", { prompt: "0", context: null, can: ["tools"], by: "acme" }),
  model("acme/secret", { prompt: "-1", context: 1_000_000, by: "acme" }),
];
const idsOf = (search: Record<string, unknown>) => selectedModels(models, modelsSearch(search)).map(({ id }) => id);

test("a model is found by any words of its id, name and providers, in any order and case", () => {
  expect(idsOf({ q: "4O openai" })).toEqual(["openai/gpt-4o"]);
  expect(idsOf({ q: "microsoft gpt" })).toEqual(["openai/gpt-4o"]);
  expect(idsOf({ q: "openai acme" })).toEqual([]);
});

test("filters hold together, and an unknown price or context never passes for a good one", () => {
  expect(idsOf({ price: "0" })).toEqual(["acme/free"]);
  expect(idsOf({ price: "3" })).toEqual(["openai/gpt-4o", "acme/free"]);
  expect(idsOf({ context: "128000" })).toEqual(["openai/gpt-4o", "acme/secret"]);
  expect(idsOf({ can: "tools,reasoning" })).toEqual(["openai/gpt-4o"]);
  expect(idsOf({ provider: "acme", can: "tools" })).toEqual(["acme/free"]);
});

test("what nobody knows comes last, whichever way it is sorted", () => {
  expect(idsOf({ sort: "input" })).toEqual(["acme/free", "openai/gpt-4o", "acme/secret"]);
  expect(idsOf({ sort: "-input" })).toEqual(["openai/gpt-4o", "acme/free", "acme/secret"]);
  expect(idsOf({ sort: "context" }).at(-1)).toBe("acme/free");
  expect(idsOf({ sort: "nonsense" })).toEqual(models.map(({ id }) => id));
});

test("a heading sorts up, then down, then not at all", () => {
  expect([nextSort(undefined, "input"), nextSort("input", "input"), nextSort("-input", "input")]).toEqual([
    "input",
    "-input",
    undefined,
  ]);
});

test("an address names at most four models to compare, each once", () => {
  expect(comparedIds({ compare: "a/1,a/1,a/2,a/3,a/4,a/5" })).toEqual(["a/1", "a/2", "a/3", "a/4"]);
  expect(modelPath("openai/gpt-4.1:free")).toEqual({ author: "openai", slug: "gpt-4.1:free" });
});
