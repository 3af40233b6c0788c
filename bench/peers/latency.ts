/**
 * What a gateway adds at a modest pace, in rounds in which everybody takes turns: each is compared with the provider as it
 * answered without a gateway in the same round.
 */
import type { Figure } from "../figure.ts";
import { type RateResult, runAtRate } from "../support/rate-load.ts";
import { median, percentile } from "../support/statistics.ts";
import type { Candidate } from "./peer.ts";
import { chatBody } from "./work.ts";

/** What the slowest candidate answers without a queue. */
const WHOLE = { perSecond: 40, requests: 200 };
const STREAMS = { perSecond: 15, requests: 60 };

type Asked = Pick<Candidate, "url" | "headers" | "model">;

export interface Paced {
  candidates: readonly Candidate[];
  /** The provider itself. */
  direct: Asked;
  rounds: number;
}

/** The provider itself, asked without a gateway. */
export function directly(upstream: string): Asked {
  const headers = { "content-type": "application/json", authorization: "Bearer sk-bench" };
  return { url: `${upstream}/v1/chat/completions`, headers, model: "gpt-3.5-turbo" };
}

export async function addedLatency(paced: Paced): Promise<Figure[]> {
  const taken = await inTurns(paced, (asked) => ask(asked, WHOLE));
  return paced.candidates.flatMap(({ name }) => {
    const own = taken.of(name);
    const added = (share: number) =>
      median(own.map(({ result, floor }) => percentile(result.wholeMs, share) - percentile(floor.wholeMs, share)));
    const n = own.reduce((sum, { result }) => sum + result.wholeMs.length, 0);
    const failed = own.reduce((sum, { result }) => sum + result.failed, 0);
    return [
      { figure: `${name}_added_p50_ms`, value: added(0.5), unit: "ms", n },
      { figure: `${name}_added_p99_ms`, value: added(0.99), unit: "ms", n },
      ...(failed === 0 ? [] : [{ figure: `${name}_failed`, value: failed, unit: "requests", n: n + failed }]),
    ];
  });
}

export async function addedFirstToken(paced: Paced): Promise<Figure[]> {
  const taken = await inTurns(paced, (asked) => ask(asked, STREAMS, { stream: true }));
  return paced.candidates.map(({ name }) => {
    const own = taken.of(name);
    const added = own.map(
      ({ result, floor }) => percentile(result.firstByteMs, 0.5) - percentile(floor.firstByteMs, 0.5),
    );
    const n = own.reduce((sum, { result }) => sum + result.firstByteMs.length, 0);
    return { figure: `${name}_added_first_token_ms`, value: median(added), unit: "ms", n };
  });
}

function ask(
  { url, headers, model }: Asked,
  pace: { perSecond: number; requests: number },
  more: { stream?: true } = {},
): Promise<RateResult> {
  return runAtRate({ url, headers, ...pace, body: chatBody(model, 1_024, more) });
}

interface Taken {
  result: RateResult;
  /** The provider's own, in the same round. */
  floor: RateResult;
}

async function inTurns(
  { candidates, direct, rounds }: Paced,
  take: (asked: Asked) => Promise<RateResult>,
): Promise<{ of(name: string): Taken[] }> {
  const all = new Map<string, Taken[]>();
  for (let round = 0; round < rounds; round++) {
    const floor = await take(direct);
    for (let turn = 0; turn < candidates.length; turn++) {
      const each = candidates[(round + turn) % candidates.length];
      if (each === undefined) continue;
      const result = await take(each);
      all.set(each.name, [...(all.get(each.name) ?? []), { result, floor }]);
    }
  }
  return { of: (name) => all.get(name) ?? [] };
}
