/** The router against the plain reference, over a hundred thousand random catalogues; and the draw by price. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decideRoute, type ModelAsked, type RouteQuestion } from "../../src/gateway/router/decide.ts";
import { NO_NEEDS } from "../../src/gateway/router/needs.ts";
import { NOTHING_ASKED, UNKNOWN_STANDING } from "../../src/gateway/router/route.ts";
import { NO_WISHES, type RoutingWishes } from "../../src/gateway/router/wishes.ts";
import { endpointAt, priceOf } from "../support/endpoints.ts";
import { randomFrom } from "../support/fuzz/random.ts";
import { idOf, randomQuestion } from "./questions.ts";
import { type Expected, expectedRoute } from "./reference.ts";

/** In all, over the properties below. */
const CATALOGUES = 100_000;
/** A run of a property costs as much as several catalogues, so that each run looks at many. */
const PER_RUN = 50;

/** Each takes less than a second of a machine that has nothing else to do. */
const PATIENCE_MS = 60_000;

const PREFERENCES: readonly (readonly (keyof RoutingWishes)[])[] = [
  [],
  ["order"],
  ["order", "allowFallbacks"],
  ["only"],
  ["ignore"],
  ["allowFallbacks"],
  ["requireParameters"],
  ["denyDataCollection"],
  ["zeroDataRetention"],
  ["distillableOnly"],
  ["quantizations"],
  ["sort"],
  ["sort", "minThroughput"],
  ["maxPrice"],
  ["minThroughput"],
  ["maxLatency"],
];

function decided(question: RouteQuestion): Expected {
  const { attempts, passedOver } = decideRoute(question);
  return {
    attempts: attempts.map(({ endpoint }) => idOf(endpoint)),
    passedOver: Object.fromEntries(passedOver.map(({ endpoint, because }) => [idOf(endpoint), because])),
  };
}

describe("the router does what the documentation says, whatever the catalogue", () => {
  for (const fields of PREFERENCES) {
    test(
      fields.length === 0 ? "with few wishes" : `with ${fields.join(" and ")}`,
      () => {
        const numRuns = Math.ceil(CATALOGUES / PREFERENCES.length / PER_RUN);
        const property = fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, size) => {
          for (let index = 0; index < PER_RUN; index++) {
            const question = () => randomQuestion(seed + index, size, fields);
            const told = decided(question());
            const expected = expectedRoute(question());
            if (!Bun.deepEquals(told, expected)) {
              expect({ seed: seed + index, size, ...told }).toEqual({ seed: seed + index, size, ...expected });
            }
          }
        });
        fc.assert(property, { numRuns, seed: 20_261_123 });
      },
      PATIENCE_MS,
    );
  }
});

test("no endpoint is lost: each is tried once or passed over, and never both", () => {
  const property = fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, size) => {
    const question = randomQuestion(seed, size, ["order", "only", "sort"]);
    const { attempts, passedOver } = decided(question);
    const all = question.models.flatMap(({ endpoints }) => endpoints.map(idOf));
    expect([...attempts, ...Object.keys(passedOver)].sort()).toEqual(all.sort());
  });
  fc.assert(property, { numRuns: 500 });
});

function modelOf(...prices: (number | null)[]): ModelAsked {
  const endpoints = prices.map((usd, index) =>
    endpointAt(String.fromCharCode(97 + index), { price: usd === null ? null : priceOf(usd) }),
  );
  return { endpoints, sort: null, openTiers: [], freeOnly: false, asked: NOTHING_ASKED, pinnedTag: null };
}

/** How often each endpoint comes first, and every order that was seen. */
function drawMany(
  model: ModelAsked,
  draws: number,
  { down = "" } = {},
): { firsts: Map<string, number>; orders: Set<string> } {
  const random = randomFrom(1);
  const firsts = new Map<string, number>();
  const orders = new Set<string>();
  for (let index = 0; index < draws; index++) {
    const { attempts } = decideRoute({
      ...{ models: [model], wishes: NO_WISHES, needs: NO_NEEDS, nowMs: 0, allowedModels: null, random: random.next },
      health: { standing: ({ tag }) => ({ ...UNKNOWN_STANDING, hasOutage: tag === down }) },
    });
    const tags = attempts.map(({ endpoint }) => endpoint.tag);
    orders.add(tags.join(""));
    firsts.set(tags[0] ?? "", (firsts.get(tags[0] ?? "") ?? 0) + 1);
  }
  return { firsts, orders };
}

describe("the draw by price", () => {
  const DRAWS = 40_000;

  test("puts A at 1 dollar first nine times as often as C at 3, and B with its outage behind both", () => {
    const { firsts, orders } = drawMany(modelOf(1, 2, 3), DRAWS, { down: "b" });
    expect(orders).toEqual(new Set(["acb", "cab"]));
    const ratio = (firsts.get("a") ?? 0) / (firsts.get("c") ?? 1);
    expect(ratio).toBeGreaterThan(8.4);
    expect(ratio).toBeLessThan(9.6);
  });

  test("has the shares of 1/price²", () => {
    const prices = [1, 1.5, 2, 4];
    const weights = prices.map((price) => price ** -2);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    const { firsts } = drawMany(modelOf(...prices), DRAWS);
    for (const [index, weight] of weights.entries()) {
      const share = (firsts.get(String.fromCharCode(97 + index)) ?? 0) / DRAWS;
      // Four standard deviations of a share among so many draws.
      expect(Math.abs(share - weight / sum)).toBeLessThan(4 * Math.sqrt(0.25 / DRAWS));
    }
  });

  test("goes by the operator's weights where there are any, and by priority before both", () => {
    const model = modelOf(1, 2, 3);
    const [a, b, c] = model.endpoints;
    if (!a || !b || !c) throw new Error("three endpoints were made");
    const weighted = {
      ...model,
      endpoints: [
        { ...a, weight: 1 },
        { ...b, weight: 3 },
        { ...c, weight: 0 },
      ],
    };
    const { firsts } = drawMany(weighted, DRAWS);
    expect((firsts.get("b") ?? 0) / DRAWS).toBeCloseTo(0.75, 2);
    expect(firsts.has("c")).toBe(false);
    const ranked = { ...model, endpoints: [{ ...a, priority: 1 }, b, c] };
    expect(drawMany(ranked, 100).orders).toEqual(new Set(["bca", "cba"]));
  });

  test("takes what is free before what has a price, and what has no known price last", () => {
    expect(drawMany(modelOf(3, null, 0), 100).orders).toEqual(new Set(["cab"]));
    const { firsts } = drawMany(modelOf(null, null), DRAWS);
    expect((firsts.get("a") ?? 0) / DRAWS).toBeCloseTo(0.5, 1);
  });
});

describe("where two names mean one model", () => {
  const question = (wishes: Partial<RoutingWishes>, more: Partial<ModelAsked> = {}) => {
    const model = modelOf(1, 2);
    const models = [{ ...model, ...more }, model];
    const { attempts, passedOver } = decideRoute({
      ...{
        models,
        wishes: { ...NO_WISHES, ...wishes },
        needs: NO_NEEDS,
        nowMs: 0,
        allowedModels: null,
        random: () => 0,
      },
      health: { standing: () => UNKNOWN_STANDING },
    });
    return [attempts.map(({ endpoint }) => endpoint.tag), passedOver.map(({ endpoint }) => endpoint.tag)];
  };

  test("each endpoint is passed over once", () => {
    expect(question({ only: [] })).toEqual([[], ["a", "b"]]);
    expect(question({ allowFallbacks: false })).toEqual([["a"], ["b"]]);
  });

  test("what is tried under one name is not passed over under the other", () => {
    expect(question({}, { freeOnly: true })).toEqual([["a", "b"], []]);
  });
});

test("who is left alone behind those that were named in order is not called the only one", () => {
  const placesOf = (order: readonly string[]) => {
    const { attempts } = decideRoute({
      ...{
        models: [modelOf(1, 2)],
        wishes: { ...NO_WISHES, order },
        needs: NO_NEEDS,
        nowMs: 0,
        allowedModels: null,
        random: () => 0,
      },
      health: { standing: () => UNKNOWN_STANDING },
    });
    return attempts.map(({ why }) => why.place);
  };
  expect(placesOf(["b"])).toEqual(["named", "price"]);
  expect(placesOf(["a", "b"])).toEqual(["named", "named"]);
});
