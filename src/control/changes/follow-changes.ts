/**
 * What has changed for an account, as server-sent events without any content: pages ask again by themselves.
 *
 * Invariants: nothing is asked of the database for an account that nobody looks at; everybody who looks at the same of an
 * account shares one question, and it is asked no more often than every LOOK_EVERY_MS; a person has so many streams in a
 * process and no more; whoever's session has ended, or role has changed, hears nothing more. The database is all that is
 * asked, so it does not matter which process has made the change. When it cannot be asked the stream breaks: browsers come
 * back, and pages ask from time to time until then. A stream ends by itself after a while, and when the server stops.
 */
import { CHANGES } from "../../kernel/changes.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { ChangeMarks, Marked } from "../../storage/stores/change-marks.ts";

const LOOK_EVERY_MS = 5_000;
/** How soon a stream notices that nobody reads it any more. */
const TURN_MS = 1_000;
const LASTS_MS = 10 * 60_000;
/** A proxy that hears nothing for long hangs up. */
const HEARTBEAT_MS = 15_000;
/** A browser has six connections to a server, and needs some for everything else. */
export const MOST_STREAMS = 4;
const COME_BACK_MS = 60_000;

export interface FollowDeps {
  marks(of: Marked): Promise<ChangeMarks>;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Whether the server is about to stop. */
  isEnding(): boolean;
  clock: Clock;
}

export interface Follower extends Marked {
  userId: string;
  gone: AbortSignal;
  isStillAllowed(): Promise<boolean>;
}

export type FollowChanges = (follower: Follower) => AsyncGenerator<string>;

export function createFollowChanges(deps: FollowDeps): FollowChanges {
  const streams = new Map<string, number>();
  const look = sharedLook(deps);
  return async function* follow(follower) {
    const { userId } = follower;
    const open = streams.get(userId) ?? 0;
    if (open >= MOST_STREAMS) {
      yield `retry: ${COME_BACK_MS}\n\n`;
      return;
    }
    streams.set(userId, open + 1);
    try {
      yield* said(deps, follower, () => look.at(follower));
    } finally {
      look.forget(follower);
      const left = (streams.get(userId) ?? 1) - 1;
      if (left === 0) streams.delete(userId);
      else streams.set(userId, left);
    }
  };
}

async function* said(
  { sleep, isEnding, clock }: FollowDeps,
  { gone, isStillAllowed }: Follower,
  look: () => Promise<ChangeMarks>,
): AsyncGenerator<string> {
  let known = await look();
  const startedAtMs = clock.nowMs();
  let [lookedAtMs, saidAtMs] = [startedAtMs, startedAtMs];
  yield "retry: 2000\ndata: []\n\n";
  while (true) {
    await sleep(TURN_MS);
    const nowMs = clock.nowMs();
    if (gone.aborted || isEnding() || nowMs - startedAtMs >= LASTS_MS) return;
    if (nowMs - lookedAtMs < LOOK_EVERY_MS) continue;
    lookedAtMs = nowMs;
    if (!(await isStillAllowed())) return;
    const marks = await look();
    const changed = CHANGES.filter((name) => marks[name] !== known[name]);
    known = marks;
    if (changed.length > 0) yield `data: ${JSON.stringify(changed)}\n\n`;
    else if (nowMs - saidAtMs >= HEARTBEAT_MS) yield ": still there\n\n";
    else continue;
    saidAtMs = nowMs;
  }
}

/** One question for all who look at the same. Only what somebody looks at is remembered. */
function sharedLook({ marks, clock }: FollowDeps) {
  const looks = new Map<string, { atMs: number; marks: Promise<ChangeMarks> }>();
  const nameOf = ({ accountId, maker }: Marked) => `${accountId}/${maker ?? ""}`;
  return {
    at({ accountId, maker }: Marked): Promise<ChangeMarks> {
      const name = nameOf({ accountId, maker });
      const last = looks.get(name);
      // Half of the time: those who look a little later than others would else see what was long ago.
      if (last && clock.nowMs() - last.atMs < LOOK_EVERY_MS / 2) return last.marks;
      const asked = { atMs: clock.nowMs(), marks: marks({ accountId, maker }) };
      looks.set(name, asked);
      return asked.marks;
    },
    forget: (marked: Marked) => void looks.delete(nameOf(marked)),
  };
}
