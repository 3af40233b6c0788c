/** What a failing provider costs others: its own load, another tenant, the time of a request. */
import { createKey, readDatabase } from "../support/gapura-server.ts";
import { eachAtOnce } from "./answers.ts";
import { ask, FURTHER_MODEL, type World } from "./world.ts";

/** How long a connection may take to come about. */
const CONNECT_LIMIT_MS = 5_000;
const OUTAGE = "outage";
/** What a provider says of requests that are wrong; 401 and the like would be about the gateway's own key. */
const OWN_FAULTS = [400, 413, 422];

/** Everybody fails for a while, at a steady rate: how many calls a provider gets at most for each one of a client. */
export async function amplification(world: World, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const calls: Promise<void>[] = [];
  const count = perSecond * seconds;
  const startedMs = performance.now();
  for (let number = 0; number < count; number++) {
    const aheadMs = startedMs + (number * 1_000) / perSecond - performance.now();
    if (aheadMs > 0) await Bun.sleep(aheadMs);
    calls.push(drained(ask(world, { stream: true, user: OUTAGE, fault: { status: 500 } })));
  }
  await Promise.all(calls);
  const perProvider = new Map<string, number>();
  for (const { id, user } of await world.truths()) {
    if (user !== OUTAGE) continue;
    // The id of an answer names the provider's address and its number there.
    const provider = id.slice(0, id.lastIndexOf("-"));
    perProvider.set(provider, (perProvider.get(provider) ?? 0) + 1);
  }
  return { perClientCall: Math.max(0, ...perProvider.values()) / count, n: count };
}

async function drained(answer: Promise<Response>): Promise<void> {
  await (await answer).text().catch(() => "");
}

/** Tenant A sends what providers refuse, and leaves; how many of tenant B's requests meanwhile fail. */
export async function innocentErrors(world: World, count: number): Promise<{ errors: number; n: number }> {
  const other = { ...world, key: await createKey(world.dataDir) };
  let isOver = false;
  const tally = { errors: 0, n: 0 };
  const innocent = eachAtOnce(8, async (number) => {
    while (!isOver) {
      const stream = number % 2 === 0;
      const answer = await ask(other, { stream });
      const text = await answer.text().catch(() => "");
      const isWhole = stream ? text.endsWith("data: [DONE]\n\n") : text.endsWith("}");
      if (answer.status !== 200 || !isWhole) tally.errors++;
      tally.n++;
    }
  });
  await eachAtOnce(count, async (number) => {
    if (number % 2 === 0) return drained(ask(world, { fault: { status: OWN_FAULTS[number % 3] ?? 400 } }));
    const leaving = new AbortController();
    const answer = await ask(world, { stream: true, fault: { tokens: 1_000, betweenMs: 5 } }, leaving.signal);
    await answer.body?.getReader().read();
    leaving.abort();
  });
  isOver = true;
  await innocent;
  return tally;
}

/** A provider to whom no connection comes about: by how much the attempts outlast what they may take. */
export async function deadlineOverrun(world: World, count: number): Promise<{ overrunMs: number | null; n: number }> {
  await Promise.all(Array.from({ length: count }, () => drained(ask(world, { model: FURTHER_MODEL, stream: true }))));
  const lists = readDatabase(world.dataDir, (database) =>
    database.query<{ attempts: string }, [string]>("select attempts from usage where model = ?").all(FURTHER_MODEL),
  );
  const tooLong = lists.flatMap(({ attempts }) =>
    [...attempts.matchAll(/"latencyMs":(\d+)/g)].map(([, ms]) => Number(ms) - CONNECT_LIMIT_MS),
  );
  return { overrunMs: tooLong.length === 0 ? null : Math.max(...tooLong), n: tooLong.length };
}
