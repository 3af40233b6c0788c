/**
 * Requests of an account as server-sent events, soon after each has ended.
 *
 * A request is listed by when it began and becomes known when it ends, so the newest ones are looked at again each time and
 * told apart by their ids. A stream ends by itself after a while, and when the server is about to stop; browsers come back.
 */
import type { ActivityRow } from "../../contract/schemas/activity.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { UsageEntry, UsageStore } from "../../storage/stores/usage.ts";

const LOOK_EVERY_MS = 1_000;
const LASTS_MS = 10 * 60_000;
/** A proxy that hears nothing for long hangs up. */
const HEARTBEAT_MS = 15_000;
/** So many of the newest are looked at; of more in one second, some are only in the list. */
const NEWEST = 100;

export interface FollowDeps {
  usage: Pick<UsageStore, "page">;
  view(row: UsageEntry): ActivityRow;
  sleep(ms: number): Promise<void>;
  isEnding(): boolean;
  clock: Clock;
}

export interface Followed {
  userId: string;
  keyId: string | undefined;
  /** Only through keys that this person made. */
  member: string | undefined;
  gone: AbortSignal;
  /** Whoever is taken out of a team sees nothing more of it. */
  isStillAllowed(): Promise<boolean>;
}

export async function* followRequests(
  { usage, view, sleep, isEnding, clock }: FollowDeps,
  { userId, keyId, member, gone, isStillAllowed }: Followed,
): AsyncGenerator<string> {
  const newest = async () => (await usage.page(userId, { keyId, member, outcome: "all", limit: NEWEST })).rows;
  let known = new Set((await newest()).map(({ id }) => id));
  const endsAtMs = clock.nowMs() + LASTS_MS;
  let saidAtMs = clock.nowMs();
  yield "retry: 2000\n\n";
  while (!gone.aborted && !isEnding() && clock.nowMs() < endsAtMs) {
    await sleep(LOOK_EVERY_MS);
    if (!(await isStillAllowed())) return;
    const rows = await newest();
    const fresh = rows.filter(({ id }) => !known.has(id));
    known = new Set(rows.map(({ id }) => id));
    if (fresh.length > 0)
      yield fresh
        .reverse()
        .map((row) => `data: ${JSON.stringify(view(row))}\n\n`)
        .join("");
    else if (clock.nowMs() - saidAtMs >= HEARTBEAT_MS) yield ": still there\n\n";
    else continue;
    saidAtMs = clock.nowMs();
  }
}
