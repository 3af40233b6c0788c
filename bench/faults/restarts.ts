/** Two processes, restarted in turns under a load of streams by a balancer that goes by `/ready`. */
import { hear, soundsWhole } from "../../test/support/heard.ts";
import { SETTINGS, startGapura } from "../support/gapura-server.ts";
import { ask, startWorld, type World } from "./world.ts";

const CALLERS = 12;
const BETWEEN_RESTARTS_MS = 1_000;
const LOOK_EVERY_MS = 20;

interface Tally {
  requests: number;
  failed: string[];
  /** Ids of answers that were whole, for each process's data folder. */
  answered: Map<string, Set<string>>;
}

export async function rollingRestarts(restarts: number): Promise<Tally> {
  const worlds = await Promise.all([startWorld(), startWorld()]);
  const ready = new Set<World>(worlds);
  const tally: Tally = {
    requests: 0,
    failed: [],
    answered: new Map(worlds.map(({ dataDir }) => [dataDir, new Set()])),
  };
  const isOver = { yet: false };
  const callers = Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (!isOver.yet) await callOne(ready, tally);
    }),
  );
  for (let number = 0; number < restarts; number++) {
    await Bun.sleep(BETWEEN_RESTARTS_MS);
    const world = [...worlds][number % worlds.length];
    if (world !== undefined) await restart(world, ready);
  }
  await Bun.sleep(BETWEEN_RESTARTS_MS);
  isOver.yet = true;
  await callers;
  return tally;
}

async function callOne(ready: ReadonlySet<World>, tally: Tally): Promise<void> {
  const choices = [...ready];
  const world = choices[tally.requests++ % choices.length];
  if (world === undefined) return;
  try {
    const answer = await ask(world, { stream: true, fault: { betweenMs: 5 } });
    const text = await answer.text();
    if (answer.status === 200 && soundsWhole(hear(text))) {
      tally.answered.get(world.dataDir)?.add(answer.headers.get("x-generation-id") ?? "");
    } else tally.failed.push(`${answer.status} ${text.slice(-200)}`);
  } catch (error) {
    // A port that is closed has taken nothing: a balancer asks the next one.
    if (error instanceof Error && "code" in error && error.code === "ConnectionRefused") tally.requests--;
    else tally.failed.push(String(error));
  }
}

/** Stops it as a supervisor does, and starts it on the same folder again. */
async function restart(world: World, ready: Set<World>): Promise<void> {
  process.kill(world.gapura.pid, "SIGTERM");
  const isReady = async () => (await fetch(`${world.url}/ready`).catch(() => null))?.status === 200;
  while (await isReady()) await Bun.sleep(LOOK_EVERY_MS);
  ready.delete(world);
  await world.gapura.exited;
  const gapura = startGapura(world.dataDir, { ...SETTINGS, ...world.env });
  const url = await gapura.listening();
  Object.assign(world, { gapura, url, chatUrl: world.chatUrl.replace(world.url, url) });
  ready.add(world);
}
