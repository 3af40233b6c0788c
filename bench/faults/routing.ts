/** How long a decision of the router takes, and what each way to route saves in an hour of outages. */
import { decideRoute } from "../../src/gateway/router/decide.ts";
import { NO_NEEDS } from "../../src/gateway/router/needs.ts";
import { NOTHING_ASKED, UNKNOWN_STANDING } from "../../src/gateway/router/route.ts";
import { NO_WISHES } from "../../src/gateway/router/wishes.ts";
import { endpointAt, priceOf } from "../../test/support/endpoints.ts";
import { randomFrom } from "../../test/support/fuzz/random.ts";
import { median } from "../support/statistics.ts";

const ENDPOINTS = 50;
const ROUNDS = 15;
const DECISIONS = 2_000;

/** Microseconds for one decision among fifty endpoints. */
export function routingMicroseconds(): { us: number; n: number } {
  const random = randomFrom(1);
  const endpoints = Array.from({ length: ENDPOINTS }, (_, index) =>
    endpointAt(`p${index}`, { price: priceOf(1 + random.whole(20)) }),
  );
  const model = { endpoints, sort: null, openTiers: [], freeOnly: false, asked: NOTHING_ASKED, pinnedTag: null };
  const question = {
    ...{ models: [model], wishes: NO_WISHES, needs: NO_NEEDS, nowMs: 0 },
    ...{ health: { standing: () => UNKNOWN_STANDING }, random: random.next },
  };
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const startedMs = performance.now();
    for (let number = 0; number < DECISIONS; number++) decideRoute(question);
    // The first round compiles the code.
    if (round > 0) rounds.push(((performance.now() - startedMs) * 1_000) / DECISIONS);
  }
  return { us: median(rounds), n: ROUNDS };
}
