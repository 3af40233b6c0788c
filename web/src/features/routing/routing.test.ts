import { describe, expect, test } from "bun:test";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { typedEntries } from "../../lib/typed-entries.ts";
import { defaultsBody, isAmount, setsSomething, typedAmount } from "./defaults-entry.ts";
import { dryRunRequest } from "./dry-run-body.ts";
import { contentOf, entryOf, entryProblem, NEW_PRESET, readEntry } from "./preset-entry.ts";
import { isSlug } from "./slugs.ts";
import { becauseText, whyText } from "./why-text.ts";

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

test("short names are taken one by one, in lower case and each once; what can be none is said", () => {
  expect(typedEntries(" OpenAI, groq openai;\n deepinfra/turbo ")).toEqual(["openai", "groq", "deepinfra/turbo"]);
  expect(typedEntries("  ")).toEqual([]);
  for (const slug of ["openai", "z.ai", "google-vertex/us-east5", "a/b/c"])
    expect([slug, isSlug(slug)]).toEqual([slug, true]);
  for (const slug of ["", "/a", "a b", "Ä", "a//b", "x".repeat(200)])
    expect([slug, isSlug(slug)]).toEqual([slug, false]);
});

describe("defaults", () => {
  test("leave the form as the API takes them: empty fields bound nothing, a comma is a decimal point", () => {
    const form = formOf({
      price_prompt: "$ 1,50",
      price_image: " ",
      sort: "price",
      defaultModel: " a/b ",
      zeroDataRetention: "on",
    });
    expect(defaultsBody(form, { only: [], ignore: ["x"] })).toEqual({
      only: null,
      ignore: ["x"],
      denyDataCollection: false,
      zeroDataRetention: true,
      sort: "price",
      maxPrice: { prompt: "1.50", completion: null, request: null, image: null, audio: null },
      defaultModel: "a/b",
    });
    expect(defaultsBody(formOf({ sort: "cheapest" }), { only: null, ignore: [] })).toMatchObject({
      sort: null,
      defaultModel: null,
    });
  });

  test("amounts are exact decimals", () => {
    expect(["1", "0.000000001", null].every((amount) => isAmount(amount))).toBe(true);
    expect(["-1", "1.0000000001", "x", "1."].some((amount) => isAmount(typedAmount(amount)))).toBe(false);
  });

  test("those of the owner are shown only where they say something", () => {
    const maxPrice = { prompt: null, completion: null, request: null, image: null, audio: null };
    const nothing = {
      only: null,
      ignore: [],
      denyDataCollection: false,
      zeroDataRetention: false,
      sort: null,
      maxPrice,
      defaultModel: "m",
    };
    expect(setsSomething(nothing)).toBe(false);
    expect(setsSomething({ ...nothing, maxPrice: { ...maxPrice, audio: "0" } })).toBe(true);
    expect(setsSomething({ ...nothing, only: [] })).toBe(true);
  });
});

describe("a preset", () => {
  test("comes out of its form as it went in, whatever fields it has", () => {
    const config = {
      model: "a/b",
      models: ["c/d"],
      cache_enabled: true,
      cache_ttl_seconds: 60,
      temperature: 0.5,
      provider: { sort: "price" as const },
    };
    const preset: PresetView = {
      ...{ id: "p", slug: "mail", name: "Mail", description: null, status: "active", createdAt: 1, updatedAt: 1 },
      version: { number: 1, systemPrompt: "Be brief.", config, createdAt: 1 },
    };
    const entry = entryOf(preset);
    expect(entry).toMatchObject({ models: ["a/b", "c/d"], isCached: true, cacheTtl: "60" });
    expect(contentOf(entry)).toEqual({ systemPrompt: "Be brief.", config });
    expect(contentOf(NEW_PRESET)).toEqual({ systemPrompt: null, config: {} });
    const read = readEntry(
      formOf({ slug: " Mail ", models: "a/b\n\n a/b, c/d", further: '{"seed": 1}', isCached: "on", cacheTtl: "" }),
    );
    expect<object>(contentOf(read).config).toEqual({ seed: 1, model: "a/b", models: ["c/d"], cache_enabled: true });
    expect(read.slug).toBe("mail");
  });

  test("that cannot be is refused at its field", () => {
    const entry = { ...NEW_PRESET, slug: "mail" };
    expect(entryProblem(entry)).toBeNull();
    expect(entryProblem({ ...entry, slug: "a b" })?.field).toBe("slug");
    expect(entryProblem({ ...entry, slug: "-a" })?.field).toBe("slug");
    for (const cacheTtl of ["0", "86401", "5m"]) expect(entryProblem({ ...entry, cacheTtl })?.field).toBe("cacheTtl");
    for (const further of ["{", "[]", "1"]) expect(entryProblem({ ...entry, further })?.field).toBe("further");
  });
});

describe("a dry run", () => {
  test("asks with what was ticked and chosen, and with nothing else", () => {
    expect(dryRunRequest(formOf({ model: " a/b ", preset: "", sort: "" }))).toEqual({
      model: "a/b",
      messages: [{ role: "user", content: "Hello" }],
    });
    const all = { model: "", preset: "mail", sort: "price", tools: "on", images: "on", schema: "on", long: "on" };
    const request = dryRunRequest(
      formOf({ ...all, zdr: "on", noTraining: "on", noFallbacks: "on", allParameters: "on" }),
    );
    expect(request).toMatchObject({
      preset: "mail",
      tools: [{ type: "function" }],
      response_format: { type: "json_schema" },
      provider: { sort: "price", zdr: true, data_collection: "deny", allow_fallbacks: false, require_parameters: true },
    });
    expect("model" in request).toBe(false);
    expect(JSON.stringify(request).length).toBeGreaterThan(400_000);
  });

  test("tells the router's reasons in the reader's words, and those of a newer server as they came", () => {
    const t = ((key: string, values: object = {}) => `${key}${JSON.stringify(values)}`) as never;
    const why = { place: "drawn-by-price", demerits: ["outage"], share: 0.9, lacking: [], other_model: true };
    const text = whyText({ reason: "drawn by price", why }, t, "en");
    expect(text).toContain("routing.place_otherModel");
    expect(text).toContain("90%");
    expect(text).toContain("routing.demerit_outage");
    expect(whyText({ reason: "by the stars", why: { ...why, place: "by-stars" } }, t, "en")).toBe("by the stars");
    expect(whyText({ reason: "the only endpoint", why: null }, t, "en")).toBe("the only endpoint");
    expect(becauseText("data_policy:zdr", t)).toBe("routing.because_zdr{}");
    expect(becauseText("toString", t)).toBe("toString");
  });
});
