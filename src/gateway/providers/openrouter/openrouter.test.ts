import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../../kernel/json.ts";
import type { DialectName } from "../../canonical/dialects.ts";
import { sealThought } from "../../ingress/openai-responses/sealed-thoughts.ts";
import { openrouterProvider } from "./openrouter.ts";

const provider = openrouterProvider({
  slug: "openrouter",
  name: "OpenRouter",
  baseUrl: "https://openrouter.example.com",
});
const adapter = provider.createAdapter({ send: () => Promise.reject(new Error("no network here")) });

function editsOf(name: DialectName, body: JsonObject) {
  const native = adapter.dialects("acme/m").find((dialect) => dialect.name === name)?.native;
  if (!native) throw new Error(`it does not speak ${name}`);
  const { set, remove, dropped } = native.edits(body, { upstreamModel: "acme/m", streamed: false });
  return { set: Object.fromEntries(set), removed: Object.keys(body).filter((field) => remove.has(field)), dropped };
}

describe("OpenRouter knows the fields of its own API", () => {
  const own = { provider: { order: ["a"] }, plugins: [], session_id: "s", trace: {}, top_k: 3 };
  const steering = { models: ["acme/m"], sandbox: {} };

  test("in a Responses body, thoughts of other makers included", () => {
    const signed = { type: "reasoning", id: "rs_1", summary: [], signature: "sig", format: "anthropic-claude-v1" };
    const reasoning = { max_tokens: 900, enabled: true };
    const body = { model: "acme/m", input: [signed], reasoning, text: { verbosity: "low" }, ...own, ...steering };
    expect(editsOf("openai-responses", body)).toEqual({
      set: { store: "false" },
      removed: ["models", "sandbox"],
      dropped: [],
    });
  });

  test("but not thoughts that were sealed here", () => {
    const sealed = sealThought({ format: "anthropic-claude-v1", signature: "sig", data: null, id: null });
    const input = [
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: sealed },
      { role: "user", content: "x" },
    ];
    const { set } = editsOf("openai-responses", { model: "acme/m", input, store: false });
    expect(set).toEqual({ input: '[{"role":"user","content":"x"}]' });
  });

  test("the purpose and the size of an embedding among them", () => {
    const body = { model: "acme/m", input: "x", input_type: "search_query", dimensions: 64, ...steering };
    expect(editsOf("embeddings", body)).toEqual({ set: {}, removed: ["models", "sandbox"], dropped: [] });
  });

  test("in a text completion", () => {
    const body = { model: "acme/m", prompt: "x", ...own, ...steering };
    expect(editsOf("openai-completions", body)).toEqual({ set: {}, removed: ["models", "sandbox"], dropped: [] });
  });
});
