import { expect, test } from "bun:test";
import type { ModelCapabilities, ModelInfo } from "@anthropic-ai/sdk/resources/models";
import { Secret } from "../../../kernel/secret.ts";
import { anthropicProvider } from "./anthropic.ts";

const provider = anthropicProvider({ slug: "anthropic", name: "Anthropic", baseUrl: "https://api.anthropic.com/v1" });

const can = (supported: boolean) => ({ supported });
const entry = {
  id: "claude-opus-5-5",
  type: "model",
  display_name: "Claude Opus 5.5",
  created_at: "2026-09-22T00:00:00Z",
  max_input_tokens: 1_000_000,
  max_tokens: 128_000,
  capabilities: {
    image_input: can(true),
    pdf_input: can(false),
    thinking: { supported: true } as ModelCapabilities["thinking"],
    structured_outputs: can(true),
    effort: { supported: true } as ModelCapabilities["effort"],
  } as ModelCapabilities,
} satisfies Partial<ModelInfo>;

test("its list is asked for on one page, with the key in Anthropic's own header", () => {
  expect(provider.modelsRequest?.(new Secret("sk-ant-x"))).toEqual({
    url: "https://api.anthropic.com/v1/models?limit=1000",
    headers: { "x-api-key": "sk-ant-x", "anthropic-version": "2023-06-01" },
  });
});

test("limits, kinds of input and abilities come from its list", () => {
  const [model] = provider.readModels({ data: [entry] } as never) ?? [];
  expect(model).toMatchObject({
    upstreamModel: "claude-opus-5-5",
    name: "Claude Opus 5.5",
    created: 1_790_035_200,
    contextLength: 1_000_000,
    maxCompletionTokens: 128_000,
    inputModalities: ["text", "image"],
  });
  expect(model?.id).toStartWith("anthropic/claude-opus-5");
  for (const name of ["reasoning", "structured_outputs", "verbosity", "tools"]) {
    expect(model?.supportedParameters).toContain(name);
  }
});

test("a known model has OpenRouter's id and a price, dated or not; entries of no sense are passed over", () => {
  const list = { data: [{ id: "claude-haiku-4-5-20251001" }, { id: 7 }, "x", { id: "claude-next" }] };
  const models = provider.readModels(list) ?? [];
  expect(models.map(({ id }) => id)).toEqual(["anthropic/claude-haiku-4.5", "anthropic/claude-next"]);
  expect(models[0]?.price?.cacheWrite1hNanoPerMillion).toBe(2_000_000_000n);
  expect(models[1]?.price).toBeNull();
  expect(provider.readModels({ error: "no" })).toBeUndefined();
});

test("before its list is read, its own names and OpenRouter's are taken, and nobody else's", () => {
  expect(provider.acceptUnlisted("anthropic/claude-haiku-4.5")).toBe("claude-haiku-4-5");
  expect(provider.acceptUnlisted("claude-next-20270101")).toBe("claude-next-20270101");
  expect(provider.acceptUnlisted("anthropic/claude-next")).toBe("claude-next");
  expect(provider.acceptUnlisted("openai/gpt-4o")).toBeUndefined();
});
