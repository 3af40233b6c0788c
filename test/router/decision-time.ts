/** How long the router takes to decide, for the benchmark: one model with so many endpoints, most wishes stated. */
import { decideRoute, type RouteQuestion } from "../../src/gateway/router/decide.ts";
import { NO_NEEDS } from "../../src/gateway/router/needs.ts";
import { NOTHING_ASKED, UNKNOWN_STANDING } from "../../src/gateway/router/route.ts";
import { NO_WISHES } from "../../src/gateway/router/wishes.ts";
import { endpointAt, modelWith, priceOf } from "../support/endpoints.ts";
import { randomFrom } from "../support/fuzz/random.ts";

export interface DecisionTime {
  endpoints: number;
  decisions: number;
  p50Us: number;
  p99Us: number;
}

export function decisionTime(endpointCount = 50, decisions = 20_000): DecisionTime {
  const question = questionOf(endpointCount);
  for (let index = 0; index < 2_000; index++) decideRoute(question);
  const timesNs = new Float64Array(decisions);
  for (let index = 0; index < decisions; index++) {
    const startedNs = Bun.nanoseconds();
    decideRoute(question);
    timesNs[index] = Bun.nanoseconds() - startedNs;
  }
  timesNs.sort();
  const at = (share: number) => (timesNs[Math.floor(share * (decisions - 1))] ?? 0) / 1_000;
  return { endpoints: endpointCount, decisions, p50Us: at(0.5), p99Us: at(0.99) };
}

function questionOf(endpointCount: number): RouteQuestion {
  const random = randomFrom(1);
  const parameters = ["temperature", "tools", "response_format"];
  const endpoints = Array.from({ length: endpointCount }, (_, index) =>
    endpointAt(`p${index}`, {
      price: priceOf(1 + random.next() * 4),
      dataPolicy: { dataCollection: false },
      model: modelWith({ contextLength: 128_000, supportedParameters: parameters }),
    }),
  );
  const standings = new Map(
    endpoints.map(({ tag }) => {
      const figure = 20 + random.next() * 80;
      const spread = { p50: figure, p75: figure, p90: figure, p99: figure };
      return [
        tag,
        { ...UNKNOWN_STANDING, uptime: 0.9 + random.next() / 10, throughput: spread, latencySeconds: spread },
      ];
    }),
  );
  return {
    models: [{ endpoints, sort: null, openTiers: [], freeOnly: false, asked: NOTHING_ASKED, pinnedTag: "p7" }],
    allowedModels: null,
    wishes: {
      ...NO_WISHES,
      ignore: ["p3"],
      denyDataCollection: true,
      requireParameters: true,
      minThroughput: { p50: 30 },
    },
    needs: { ...NO_NEEDS, parameters, promptBytes: 4_000 },
    nowMs: 0,
    health: { standing: ({ tag }) => standings.get(tag) ?? UNKNOWN_STANDING },
    random: random.next,
  };
}
