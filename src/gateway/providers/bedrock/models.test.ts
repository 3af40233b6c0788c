import { expect, test } from "bun:test";
import { readBedrockModels } from "./models.ts";

const SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const entry = (modelId: string, given: object = {}) => ({
  modelId,
  outputModalities: ["TEXT"],
  inferenceTypesSupported: ["ON_DEMAND"],
  modelLifecycle: { status: "ACTIVE" },
  ...given,
});
const profile = (inferenceProfileId: string, status = "ACTIVE") => ({ inferenceProfileId, status });
const read = (models: object[], profiles: object[] | null) =>
  readBedrockModels(
    JSON.parse(
      JSON.stringify({
        foundation: { modelSummaries: models },
        profiles: profiles && { inferenceProfileSummaries: profiles },
      }),
    ),
    "amazon-bedrock",
  )?.map(({ id, upstreamModel }) => [id, upstreamModel]);

test("a model that can be called in the region is called there, whatever profiles there are", () => {
  expect(read([entry(SONNET)], [profile(`global.${SONNET}`), profile(`eu.${SONNET}`)])).toEqual([
    ["anthropic/claude-sonnet-4.5", SONNET],
    [`amazon-bedrock/global.${SONNET}`, `global.${SONNET}`],
    [`amazon-bedrock/eu.${SONNET}`, `eu.${SONNET}`],
  ]);
});

test("what is old, makes something else, is only for rent by the hour or is no longer active is not offered", () => {
  const models = [
    entry("amazon.nova-lite-v1:0"),
    entry("amazon.nova-lite-v1:0:24k"),
    entry("amazon.titan-text-lite-v1", { modelLifecycle: { status: "LEGACY" } }),
    entry("twelvelabs.marengo-embed-2-7-v1:0", { outputModalities: ["EMBEDDING"] }),
    entry("meta.llama3-3-70b-instruct-v1:0", { inferenceTypesSupported: ["INFERENCE_PROFILE"] }),
  ];
  expect(
    read(models, [profile("us.meta.llama3-3-70b-instruct-v1:0", "INACTIVE"), profile("us.nobody.knows-v1:0")]),
  ).toEqual([["amazon/nova-lite-v1", "amazon.nova-lite-v1:0"]]);
});

test("without a list of profiles the models of the region remain, and a maker's name is not taken for a place", () => {
  expect(read([entry("openai.gpt-5.4"), entry("zai.glm-4.7")], null)).toEqual([
    ["openai/gpt-5.4", "openai.gpt-5.4"],
    ["amazon-bedrock/zai.glm-4.7", "zai.glm-4.7"],
  ]);
});

test.each([[null], [[]], [{}], [{ foundation: {} }], [{ foundation: { modelSummaries: 7 } }]])(
  "%j is no list",
  (list) => {
    expect(readBedrockModels(list as never, "amazon-bedrock")).toBeUndefined();
  },
);

test("names that the operator wrote are taken as they are, ARNs too", () => {
  const arn = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3";
  const models = readBedrockModels({ data: [{ id: arn }, { id: `eu.${SONNET}` }] }, "amazon-bedrock");
  expect(models?.map(({ id, upstreamModel }) => [id, upstreamModel])).toEqual([
    [`amazon-bedrock/${arn}`, arn],
    ["anthropic/claude-sonnet-4.5", `eu.${SONNET}`],
  ]);
  expect(models?.[1]?.price).not.toBeNull();
});

test("a model of vectors or of rankings is offered as that, by its own name", () => {
  const models = [
    entry("amazon.titan-embed-text-v2:0", { outputModalities: ["EMBEDDING"] }),
    entry("cohere.embed-v4:0", { outputModalities: ["EMBEDDING"], inputModalities: ["TEXT", "IMAGE"] }),
    entry("cohere.rerank-v3-5:0"),
  ];
  const list = JSON.parse(JSON.stringify({ foundation: { modelSummaries: models }, profiles: null }));
  const found = readBedrockModels(list, "amazon-bedrock");
  expect(found?.map((model) => [model.id, model.inputModalities, model.outputModalities])).toEqual([
    ["amazon-bedrock/amazon.titan-embed-text-v2:0", ["text"], ["embeddings"]],
    ["amazon-bedrock/cohere.embed-v4:0", ["text", "image"], ["embeddings"]],
    ["amazon-bedrock/cohere.rerank-v3-5:0", ["text"], ["rerank"]],
  ]);
  expect(found?.every(({ supportedParameters }) => supportedParameters.length === 0)).toBe(true);
  // The price book would give it the price of its forerunner.
  expect(found?.[0]?.price).toBeNull();
});
