import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../kernel/json.ts";
import type { Preset } from "../ports.ts";
import { completedBody, presetNamed, withPreset } from "./presets.ts";
import { type JsonBody, parseBody } from "./read-body.ts";

const limits = { maxBytes: 1_000_000, maxDepth: 64 };
const messages = [{ role: "user", content: "Halo" }];

function bodyOf(value: object): JsonBody {
  return parseBody(new Uint8Array(new TextEncoder().encode(JSON.stringify(value))), limits);
}

function sources(fields: JsonObject, defaultModel: string | null = null) {
  const preset: Preset = { id: "preset_1", versionId: "v1", slug: "mail", fields };
  return {
    presets: { find: (_: string, slug: string) => (slug === "mail" ? preset : null) },
    accounts: { find: async () => ({ wishes: {}, defaultModel }) },
    limits,
  };
}
const asker = { userId: "user_1", dialect: "openai-chat" as const };

describe("a preset", () => {
  test("is named by the model, behind the model, in the list of models, or by its field", () => {
    expect(presetNamed({ model: "@preset/mail", messages })).toEqual({ slug: "mail", body: { messages } });
    expect(presetNamed({ model: "a/b@preset/mail:nitro" })).toEqual({ slug: "mail", body: { model: "a/b:nitro" } });
    expect(presetNamed({ models: ["a/b", "c/d@preset/mail"] })).toEqual({
      slug: "mail",
      body: { models: ["a/b", "c/d"] },
    });
    expect(presetNamed({ model: "a/b", preset: "mail" })).toEqual({ slug: "mail", body: { model: "a/b" } });
    expect(presetNamed({ model: "a/b", preset: "@preset/mail" })?.slug).toBe("mail");
    expect(presetNamed({ model: "a/b", preset: null, messages })).toBeNull();
  });

  test("is refused where two are named, or where the name can be none", () => {
    expect(() => presetNamed({ model: "a/b@preset/mail", preset: "other" })).toThrow("preset: must name one preset");
    expect(() => presetNamed({ model: "a/b", preset: "../x" })).toThrow("preset: must be a name of letters");
    expect(() => presetNamed({ model: "a/b", preset: 7 })).toThrow("preset: must be the name");
  });

  test("fills in what the request does not say, and never the conversation", () => {
    const preset = { model: "a/b", temperature: 0.2, top_p: 0.5, messages: [{}], stream: true, cache_enabled: true };
    expect(withPreset({ temperature: 1, top_p: null, messages }, preset, "openai-chat")).toEqual({
      model: "a/b",
      temperature: 1,
      top_p: 0.5,
      messages,
    });
  });

  test("unites its tools with those of the request, of which each name comes once", () => {
    const tool = (name: string, description: string) => ({ type: "function", function: { name, description } });
    const merged = withPreset(
      { tools: [tool("b", "mine"), tool("c", "mine")] },
      { tools: [tool("a", "preset"), tool("b", "preset")] },
      "openai-chat",
    );
    expect(merged.tools).toEqual([tool("a", "preset"), tool("b", "mine"), tool("c", "mine")]);
  });

  test("brings its system prompt in the words of each dialect, and only where the request has none", () => {
    const preset = { system: "Be brief." };
    const own = [{ role: "developer", content: "Be long." }, ...messages];
    expect(withPreset({ messages }, preset, "openai-chat").messages).toEqual([
      { role: "system", content: "Be brief." },
      ...messages,
    ]);
    expect(withPreset({ messages: own }, preset, "openai-chat").messages).toEqual(own);
    expect(withPreset({ messages }, preset, "anthropic-messages")).toEqual({ system: "Be brief.", messages });
    expect(withPreset({ system: "x", messages }, preset, "anthropic-messages").system).toBe("x");
    expect(withPreset({ input: "Halo" }, preset, "openai-responses")).toEqual({
      instructions: "Be brief.",
      input: "Halo",
    });
    expect(withPreset({ input: "Halo" }, preset, "embeddings")).toEqual({ input: "Halo" });
  });

  test("that nobody has made is refused by name", async () => {
    const body = bodyOf({ model: "@preset/letter", messages });
    expect(completedBody(body, sources({}), asker)).rejects.toMatchObject({ code: "preset_unknown" });
    expect(completedBody(body, { ...sources({}), presets: null }, asker)).rejects.toMatchObject({
      code: "preset_unknown",
    });
  });
});

test("a preset's wishes about providers stay its own beside those of the request", async () => {
  const preset = { model: "a/b", provider: { ignore: ["x"], zdr: true } };
  const request = { preset: "mail", provider: { sort: "price" }, messages };
  const { body, presetWishes } = await completedBody(bodyOf(request), sources(preset), asker);
  expect(body.value).toEqual({ model: "a/b", provider: { sort: "price" }, messages });
  expect(presetWishes).toEqual({ ignore: ["x"], zeroDataRetention: true });
  expect(JSON.parse(new TextDecoder().decode(body.bytes))).toEqual(body.value);
});

test("a body that names a model and no preset goes on as it came", async () => {
  const body = bodyOf({ model: "a/b", messages });
  const never = { find: () => Promise.reject(new Error("nobody is asked")) };
  expect((await completedBody(body, { presets: never, accounts: never, limits }, asker)).body).toBe(body);
});

test("a request without a model gets the account's, if it has one", async () => {
  const body = bodyOf({ messages });
  expect((await completedBody(body, sources({}, "a/default"), asker)).body.value.model).toBe("a/default");
  expect((await completedBody(body, sources({}), asker)).body).toBe(body);
});
