import { describe, expect, test } from "bun:test";
import { endpointAt, modelWith, priceOf } from "../../../../test/support/endpoints.ts";
import type { ListedModel, OfferedModel } from "../../../catalog/catalog.ts";
import { NO_NEEDS, type RequestNeeds } from "../needs.ts";
import { UNKNOWN_STANDING } from "../route.ts";
import { NO_WISHES, type RoutingWishes } from "../wishes.ts";
import { isChoosable, readAutoPlugin } from "./auto-plugin.ts";
import { bandOf } from "./choose-models.ts";
import { difficultyOf } from "./difficulty.ts";
import { chosenBy, type RouterKind, routerNamed } from "./named-routers.ts";

type More = Partial<OfferedModel> & { isPractice?: boolean };

function listed(id: string, dollars: number | null, { isPractice = false, ...more }: More = {}): ListedModel {
  const price = dollars === null ? null : priceOf(dollars);
  const model = modelWith({ id, price, supportedParameters: ["temperature", "tools"], ...more });
  return { model, endpoints: [endpointAt(id.slice(0, id.indexOf("/")), { modelId: id, model, price, isPractice })] };
}

interface Asked {
  kind?: RouterKind;
  body?: object;
  needs?: Partial<RequestNeeds>;
  wishes?: Partial<RoutingWishes>;
  random?: () => number;
  unavailable?: string;
}

function choose(models: readonly ListedModel[], { kind = "auto", body = {}, ...asked }: Asked = {}): string[] {
  const { models: chosen } = chosenBy({
    name: `gapura/${kind}`,
    kind,
    body: JSON.parse(JSON.stringify({ messages: [{ role: "user", content: "Halo" }], ...body })),
    listed: models,
    needs: { ...NO_NEEDS, ...asked.needs },
    nowMs: 0,
    wishes: { ...NO_WISHES, ...asked.wishes },
    health: { standing: ({ tag }) => ({ ...UNKNOWN_STANDING, isAvailable: tag !== asked.unavailable }) },
    random: asked.random ?? (() => 0),
  });
  return chosen.map(({ endpoints }) => endpoints[0]?.modelId ?? "");
}

const fiveBands = ["a/1", "b/2", "c/3", "d/4", "e/5"].map((id, index) => listed(id, index + 1));
const plugin = (fields: object) => ({ plugins: [{ id: "auto-router", ...fields }] });

describe("the choice of a model", () => {
  test("is cheap for what looks easy, and dearer for what looks hard", () => {
    const code = "```ts\nconst a = 1;\n```\nRefactor this algorithm step by step.";
    const messages = [{ role: "user", content: code }];
    expect(choose(fiveBands)[0]).toBe("a/1");
    expect(choose(fiveBands, { body: { messages } })[0]).toBe("b/2");
    const needs = { parameters: ["tools"], promptBytes: 5_000 };
    expect(choose(fiveBands, { body: { messages }, needs })[0]).toBe("c/3");
    expect(choose(fiveBands, { body: { reasoning: { effort: "high" } } })[0]).toBe("c/3");
  });

  test("goes by the cost tier where the plugin names one", () => {
    const firsts = ["low", "medium", "high", "xhigh", "max"].map(
      (cost_tier) => choose(fiveBands, { body: plugin({ cost_tier }) })[0],
    );
    expect(firsts).toEqual(["a/1", "b/2", "c/3", "d/4", "e/5"]);
  });

  test("goes on to dearer models, and then to cheaper ones, three in all", () => {
    expect(choose(fiveBands)).toEqual(["a/1", "b/2", "c/3"]);
    expect(choose(fiveBands, { body: plugin({ cost_tier: "xhigh" }) })).toEqual(["d/4", "e/5", "c/3"]);
  });

  test("is, within a band, the newest model that takes tools", () => {
    const band = [
      listed("a/old", 1, { created: 10 }),
      listed("b/new", 1.1, { created: 20 }),
      listed("c/newer", 1.2, { created: 30, supportedParameters: ["temperature"] }),
      ...["d/1", "d/2", "d/3", "d/4", "e/1", "e/2", "e/3", "e/4"].map((id) => listed(id, 9)),
    ];
    expect(choose(band)[0]).toBe("b/new");
  });

  test("is made among models that are known to do what the request needs", () => {
    const models = [
      listed("a/blind", 1),
      listed("b/sees", 2, { inputModalities: ["text", "image"] }),
      listed("c/plain", 0.5, { isPlain: true, inputModalities: ["text", "image"] }),
      listed("d/short", 0.5, { contextLength: 100, inputModalities: ["text", "image"] }),
      listed("e/vectors", 0.1, { outputModalities: ["embeddings"] }),
    ];
    expect(choose(models, { needs: { inputs: ["image"], promptBytes: 2_000 } })).toEqual(["b/sees"]);
    expect(
      choose([listed("a/x", 1, { supportedParameters: ["temperature"] })], { needs: { parameters: ["tools"] } }),
    ).toEqual([]);
  });

  test("obeys the wishes about providers, and leads to nobody who is unavailable", () => {
    expect(choose(fiveBands, { wishes: { ignore: ["a"] } })[0]).toBe("b/2");
    expect(choose(fiveBands, { wishes: { zeroDataRetention: true } })).toEqual([]);
    expect(choose(fiveBands, { unavailable: "a" })[0]).toBe("b/2");
  });

  test("keeps to the allowed and the excluded models", () => {
    expect(choose(fiveBands, { body: plugin({ allowed_models: ["c/*", "D/4"] }) })).toEqual(["c/3", "d/4"]);
    expect(choose(fiveBands, { body: plugin({ excluded_models: ["a/*"] }) })[0]).toBe("b/2");
    expect(choose(fiveBands, { body: plugin({ allowed_models: ["a/*"], excluded_models: ["*1"] }) })).toEqual([]);
    expect(choose(fiveBands, { body: plugin({ allowed_models: ["c/*"], enabled: false }) })[0]).toBe("a/1");
  });

  test("takes an unknown price for the dearest, and the practice provider for the last resort", () => {
    const models = [listed("a/unknown", null), listed("b/known", 9)];
    expect(choose(models)).toEqual(["b/known", "a/unknown"]);
    const practice = listed("sandbox/chat", 0, { isPractice: true });
    expect(choose([practice, listed("b/known", 9)])).toEqual(["b/known"]);
    expect(choose([practice])).toEqual(["sandbox/chat"]);
  });

  test("among the free ones is by lot, and never of one that costs something", () => {
    const models = [listed("a/1:free", 0), listed("b/2:free", 0), listed("c/3", 1), listed("d/unknown", null)];
    expect(choose(models, { kind: "free", random: () => 0 })).toEqual(["a/1:free", "b/2:free"]);
    expect(choose(models, { kind: "free", random: () => 0.99 })).toEqual(["b/2:free", "a/1:free"]);
    expect(choose(models)).not.toContain("a/1:free");
  });
});

test("every band has at least one model, and all of them together have every model", () => {
  for (let count = 1; count <= 40; count++) {
    const covered = new Set<number>();
    for (const tier of ["low", "medium", "high", "xhigh", "max"] as const) {
      const [start, end] = bandOf(tier, count);
      expect(start).toBeLessThan(Math.min(end, count));
      for (let index = start; index < end; index++) covered.add(index);
    }
    if (count >= 5) expect(covered.size).toBe(count);
  }
});

test("the same request always looks as hard, in every dialect", () => {
  const hard = "Prove that there are infinitely many primes.";
  const text = [{ type: "text", text: hard }];
  const looks = (body: object) => difficultyOf(JSON.parse(JSON.stringify(body)), NO_NEEDS);
  expect(looks({ messages: [{ role: "user", content: hard }] })).toBe("medium");
  expect(looks({ messages: [{ role: "user", content: text }] })).toBe("medium");
  expect(looks({ input: hard })).toBe("medium");
  expect(looks({ messages: [{ role: "user", content: "Buktikan teorema ini." }] })).toBe("medium");
  expect(looks({ messages: [{ role: "user", content: "Halo!" }] })).toBe("easy");
});

test("a pattern stands for a whole id, with a star for anything", () => {
  const allows = (pattern: string, id: string) => isChoosable(id, { allowed: [pattern], excluded: [], costTier: null });
  expect(allows("openai/gpt-4o", "OpenAI/gpt-4o")).toBe(true);
  expect(allows("openai/gpt-4o", "openai/gpt-4o-mini")).toBe(false);
  expect(allows("openai/*-mini", "openai/gpt-4o-mini")).toBe(true);
  expect(allows("*/gpt-*o*", "openai/gpt-4o-mini")).toBe(true);
  expect(allows("*ab*ba", "aba")).toBe(false);
  expect(allows("*", "anything/at-all")).toBe(true);
});

test("a plugin of the wrong form is refused with its path", () => {
  const read = (fields: object) => () => readAutoPlugin(JSON.parse(JSON.stringify(plugin(fields))));
  expect(read({ allowed_models: "a/*" })).toThrow("plugins[0].allowed_models: must be a list");
  expect(read({ excluded_models: [""] })).toThrow("plugins[0].excluded_models[0]: must have 1 to");
  expect(read({ cost_tier: "cheap" })).toThrow("plugins[0].cost_tier: must be one of low");
});

test("the gateway's own names are its routers, with suffixes too; OpenRouter's only where OpenRouter has none", () => {
  expect(routerNamed("Gapura/Auto:nitro")).toEqual({ kind: "auto", isOurs: true });
  expect(routerNamed("openrouter/free")).toEqual({ kind: "free", isOurs: false });
  expect(routerNamed("openai/gpt-4o")).toBeUndefined();
});
