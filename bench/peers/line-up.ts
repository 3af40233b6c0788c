/**
 * Starts the candidates of `peers`, in turns and several times over, so that starting has a median too, and lets each
 * answer until its code is compiled. Whoever cannot be had or answers wrongly is a missing figure with the reason, and the
 * others go on without it.
 */
import type { Figure } from "../figure.ts";
import { runLoad } from "../support/load.ts";
import { median } from "../support/statistics.ts";
import { loadOf } from "./measure.ts";
import { type Candidate, missing, type Peer, type Surroundings } from "./peer.ts";
import type { Work } from "./work.ts";

/** Each answers so many of each kind before anything counts, or as many as it can in this time. */
const WARM_UP = { requests: 40_000, step: 160, connections: 32 };
/** From the first connection to the first right answer: some ask their provider first what it has. */
const FIRST_ANSWER_LIMIT_MS = 30_000;

export interface Ready extends Candidate {
  /** What it answered rightly while it warmed up. */
  able: ReadonlySet<Work>;
}

export interface Asked {
  works: readonly Work[];
  /** How often each is started; the last one stays. */
  starts: number;
  warmUpMs: number;
}

export async function lineUp(
  peers: readonly Peer[],
  around: Surroundings,
  { works, starts, warmUpMs }: Asked,
): Promise<{ candidates: Ready[]; figures: Figure[] }> {
  const figures: Figure[] = [];
  const startsMs = new Map<Peer, number[]>(peers.map((peer) => [peer, []]));
  const candidates: Ready[] = [];
  for (let round = 1; round <= starts; round++) {
    for (const [peer, took] of [...startsMs]) {
      try {
        const candidate = await peer.start(around);
        await firstAnswer(candidate, works);
        took.push(performance.now() - candidate.spawnedMs);
        if (round < starts) await candidate.stop();
        else candidates.push(await warmUp(candidate, { works, warmUpMs }, figures));
      } catch (error) {
        figures.push(missing(`${peer.name}_cpu_us`, error));
        startsMs.delete(peer);
      }
    }
  }
  for (const [{ name }, took] of startsMs) {
    figures.push({ figure: `${name}_start_ms`, value: median(took), unit: "ms", n: took.length });
  }
  return { candidates, figures };
}

async function firstAnswer(candidate: Candidate, [work]: readonly Work[]): Promise<void> {
  const untilMs = performance.now() + FIRST_ANSWER_LIMIT_MS;
  while (work !== undefined) {
    try {
      await runLoad({ ...loadOf(work, candidate), connections: 1, requests: 1 });
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await Bun.sleep(10);
    }
  }
}

async function warmUp(
  candidate: Candidate,
  { works, warmUpMs }: Pick<Asked, "works" | "warmUpMs">,
  figures: Figure[],
): Promise<Ready> {
  const { name } = candidate;
  const { requests, step, connections } = WARM_UP;
  const able = new Set<Work>();
  for (const work of works) {
    const untilMs = performance.now() + warmUpMs;
    try {
      for (let done = 0; done < requests && performance.now() < untilMs; done += step) {
        await runLoad({ ...loadOf(work, candidate), connections, requests: step });
      }
      able.add(work);
    } catch (error) {
      figures.push(missing(`${name}_cpu_us${work.suffix}`, error));
    }
  }
  return { ...candidate, able };
}
