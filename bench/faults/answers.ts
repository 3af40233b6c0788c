/** What becomes of answers whose provider fails, and of providers whose client leaves. */
import { sharedNowMs } from "../../test/support/fault-provider/exchange.ts";
import type { FaultScript } from "../../test/support/fault-provider/script.ts";
import { hear, soundsWhole } from "../../test/support/heard.ts";
import { percentile } from "../support/statistics.ts";
import { ask, type World } from "./world.ts";

const AT_ONCE = 8;
const CUT_OFFSETS = 500;
const CUT_TOKENS = 12;
const GOOD_BETWEEN = 2;
/** About what a stream of so many words has; those behind its end cut nothing and are good answers. */
const CUT_STREAM_BYTES = 2_400;

/** Long enough for the slowest of them. */
const LEFT_WITHIN_MS = 1_500;

const FAILURES: readonly Partial<FaultScript>[] = [
  { status: 429 },
  { status: 500 },
  { status: 503 },
  { cutAt: "start", cutBy: "rst" },
  { cutAt: "head", cutBy: "fin" },
  { cutAt: 30, cutBy: "rst" },
  { instead: { token: 0, of: "error" } },
  { instead: { token: 0, of: "invalid-json" } },
  { role: true, instead: { token: 0, of: "error" } },
  { role: true, tokens: 0, finish: false, usage: "missing", done: "missing" },
];

/** Runs `work` for the numbers below `count`, a few at once. */
export async function eachAtOnce(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Requests whose first provider fails before its first word, among others that go well; and how many were answered. */
export async function savedByFallback(world: World, count: number): Promise<{ hit: number; saved: number }> {
  const tally = { hit: 0, saved: 0 };
  await eachAtOnce(count, async (number) => {
    const failure = number % 4 === 0 ? FAILURES[(number / 4) % FAILURES.length] : undefined;
    const faults = failure === undefined ? {} : { fault_of_p0: failure };
    const answer = await ask(world, { stream: true, order: ["p0", "p1"], ...faults });
    const isAnswered = soundsWhole(hear(await textOf(answer)));
    if (failure === undefined) return;
    tally.hit++;
    if (answer.status === 200 && isAnswered) tally.saved++;
  });
  return tally;
}

/** A refusal has no events. */
async function textOf(answer: Response): Promise<string> {
  const text = await answer.text();
  return answer.status === 200 ? text : "";
}

/** Streams cut behind 500 different bytes; and how many sounded whole though they were not, or were put together. */
export async function laundered(world: World): Promise<{ cut: number; laundered: number; broken: number }> {
  const whole = Array.from({ length: CUT_TOKENS }, (_, number) => `${String(number).padStart(3, "0")} `).join("");
  const tally = { cut: 0, laundered: 0, broken: 0 };
  // Most of what it is asked for goes well, so that the provider is not left alone for what it is told to do.
  const goWell = async () => {
    for (let number = 0; number < GOOD_BETWEEN; number++) {
      await (await ask(world, { stream: true, order: ["p0", "p1"] })).text();
    }
  };
  await eachAtOnce(AT_ONCE, goWell);
  await eachAtOnce(CUT_OFFSETS, async (number) => {
    await goWell();
    const cutAt = Math.floor((number * CUT_STREAM_BYTES) / CUT_OFFSETS);
    const how: Partial<FaultScript> = {
      cutBy: number % 2 === 0 ? "rst" : "fin",
      framing: number % 3 ? "chunked" : "close",
    };
    const fault = { tokens: CUT_TOKENS, betweenMs: 1, lineEnd: "\r\n", cutAt, ...how } as const;
    const answer = await ask(world, {
      stream: true,
      order: ["p0", "p1"],
      fault_of_p0: fault,
      fault: { tokens: CUT_TOKENS },
    });
    const heard = hear(await textOf(answer));
    tally.cut++;
    if (heard.errors.length > 0) tally.broken++;
    if (heard.ids.size > 1 || !whole.startsWith(heard.text) || (soundsWhole(heard) && heard.text !== whole)) {
      tally.laundered++;
    }
  });
  return tally;
}

/** Clients that leave in the middle of a stream: how long until their provider's connection is closed. */
export async function abortToClose(world: World, count: number): Promise<{ p50: number; p99: number; n: number }> {
  const leftAtMs = new Map<string, number>();
  await eachAtOnce(count, async (number) => {
    const leaving = new AbortController();
    const user = `leaves-${number}`;
    const answer = await ask(world, { stream: true, user, fault: { tokens: 10_000, betweenMs: 5 } }, leaving.signal);
    const reader = answer.body?.getReader();
    for (let reads = 0; reads <= number % 7; reads++) await reader?.read();
    leftAtMs.set(user, sharedNowMs());
    leaving.abort();
    await reader?.cancel().catch(() => {});
  });
  await Bun.sleep(LEFT_WITHIN_MS);
  const delays = (await world.truths()).flatMap(({ user, ending }) => {
    const atMs = leftAtMs.get(user);
    return atMs === undefined || ending?.by !== "client" ? [] : [ending.atMs - atMs];
  });
  return { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), n: delays.length };
}
