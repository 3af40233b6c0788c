import { expect, test } from "bun:test";
import type { CommandInput } from "./command.ts";
import { modelsOption } from "./key-options.ts";

const read = (models?: string) => modelsOption({ options: models === undefined ? {} : { models } } as CommandInput);

test("the models of a key come out under their own ids without a server, and any means all", () => {
  expect(read()).toBeUndefined();
  expect(read("any")).toBeNull();
  expect(read("gpt-3.5, OpenAI/*,acme/new")).toEqual(["openai/gpt-3.5-turbo", "openai/*", "acme/new"]);
});

test("an entry that could never hold a model is answered with how it is written", () => {
  for (const [wrong, words] of [
    ["openai/gpt-4o:nitro", "says how a model is served"],
    ["nonsense", "--models: nonsense is no model that is known here"],
    ["none", "none is no model"],
    ["~openai/gpt-latest", "is the newest of a family"],
    ["openai/gpt-4o,,", "must be a model such as"],
  ] as const)
    expect(() => read(wrong)).toThrow(words);
});
