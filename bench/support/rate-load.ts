/**
 * An open loop: requests leave at a fixed pace, whether or not the ones before them are answered, so that a program that
 * falls behind shows it in its latencies.
 */
export interface RateLoad {
  url: string;
  headers: Record<string, string>;
  body: string;
  perSecond: number;
  requests: number;
}

export interface RateResult {
  /** Milliseconds until the first bytes of the answer's body, one for each request that was answered well. */
  firstByteMs: Float64Array;
  /** Until the answer was whole. */
  wholeMs: Float64Array;
  failed: number;
}

export async function runAtRate({ url, headers, body, perSecond, requests }: RateLoad): Promise<RateResult> {
  const firstByteMs: number[] = [];
  const wholeMs: number[] = [];
  let failed = 0;
  const ask = async () => {
    const sentMs = performance.now();
    try {
      const answer = await fetch(url, { method: "POST", headers, body });
      if (answer.status !== 200 || answer.body === null) throw new Error(`status ${answer.status}`);
      let first: number | undefined;
      for await (const _ of answer.body) first ??= performance.now() - sentMs;
      wholeMs.push(performance.now() - sentMs);
      firstByteMs.push(first ?? Number.NaN);
    } catch {
      failed++;
    }
  };
  const beganMs = performance.now();
  const under: Promise<void>[] = [];
  for (let index = 0; index < requests; index++) {
    const waitMs = beganMs + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await Bun.sleep(waitMs);
    under.push(ask());
  }
  await Promise.all(under);
  return { firstByteMs: Float64Array.from(firstByteMs), wholeMs: Float64Array.from(wholeMs), failed };
}
