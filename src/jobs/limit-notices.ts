/**
 * Tells people of limits that are nearly or wholly used: notes each crossing once, then mails what is to be mailed, one
 * mail for each person at a time.
 *
 * Invariants: a crossing is told once in its window, whatever stops in between and however many nodes look; nobody gets
 * these mails more often than once in MAIL_PAUSE_MS.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Locale } from "../kernel/locale.ts";
import { usdString } from "../kernel/money.ts";
import type { SecondCurrency } from "../kernel/money-text.ts";
import { DAY_MS, windowOf } from "../kernel/windows.ts";
import { type LimitNotice, NOTICE_MARKS } from "../mail/limit-words.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { BoundLimit } from "../storage/stores/bound-limits.ts";
import {
  type Crossing,
  type LimitNoticeRow,
  type LimitNoticeStore,
  MOST_AT_ONCE,
} from "../storage/stores/limit-notices.ts";

/** Somebody who can be told. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
  locale: Locale | null;
}

export interface LimitNoticeDeps {
  notices: LimitNoticeStore;
  /** What these limits bound now; those that hold no more are left out. */
  bounds(limitIds: readonly string[]): Promise<ReadonlyMap<string, BoundLimit>>;
  /** Whoever owns the instance. */
  owners(): Promise<readonly string[]>;
  /** Those who are not suspended. */
  people(userIds: readonly string[]): Promise<readonly Recipient[]>;
  mailer: Pick<Mailer, "compose" | "afterKeeping">;
  /** Says the same where else this person wants to hear of it. */
  alsoTell(userId: string, notices: readonly LimitNotice[]): Promise<void>;
  /** Where the dashboard is, without a trailing slash. */
  baseUrl: string;
  display: SecondCurrency | null;
  clock: Clock;
}

const MAIL_PAUSE_MS = 10 * 60_000;
const KEEP_MS = 400 * DAY_MS;

export async function tellOfLimits(deps: LimitNoticeDeps): Promise<void> {
  await noteCrossings(deps);
  await mailNotices(deps);
}

export function pruneNotices({ notices, clock }: Pick<LimitNoticeDeps, "notices" | "clock">): Promise<void> {
  return notices.prune(clock.nowMs() - KEEP_MS);
}

async function noteCrossings(deps: LimitNoticeDeps): Promise<void> {
  const { notices, clock } = deps;
  const nowMs = clock.nowMs();
  for (let after = ""; ; ) {
    const found = await notices.crossings(nowMs, after);
    await note(deps, found);
    after = found.at(-1)?.limitId ?? "";
    if (found.length < MOST_AT_ONCE) break;
  }
  await note(deps, await notices.forecasts(nowMs));
}

async function note({ notices, bounds, owners, clock }: LimitNoticeDeps, found: readonly Crossing[]): Promise<void> {
  if (found.length === 0) return;
  const bound = await bounds(found.map(({ limitId }) => limitId));
  const byPerson = new Map<string, Crossing[]>();
  const add = (userId: string, crossing: Crossing) => byPerson.set(userId, [...(byPerson.get(userId) ?? []), crossing]);
  for (const crossing of found) {
    const limit = bound.get(crossing.limitId);
    // A limit that was changed is looked at again when its next call has brought its row up to date.
    if (!limit || limit.limitNano !== crossing.limitNano) continue;
    for (const userId of limit.userId === null ? await owners() : [limit.userId]) add(userId, crossing);
  }
  const wants = await notices.wants([...byPerson.keys()]);
  for (const [userId, crossings] of byPerson) {
    const wanted = wants.get(userId);
    if (wanted) await notices.keep(userId, crossings, { wants: wanted, nowMs: clock.nowMs() });
  }
}

async function mailNotices({
  notices,
  bounds,
  people,
  mailer,
  alsoTell,
  baseUrl,
  display,
  clock,
}: LimitNoticeDeps): Promise<void> {
  const nowMs = clock.nowMs();
  const waiting = await notices.unmailed(nowMs - MAIL_PAUSE_MS);
  if (waiting.length === 0) return;
  const bound = await bounds(waiting.map((row) => row.limit_id));
  const recipients = new Map((await people(waiting.map((row) => row.user_id))).map((person) => [person.id, person]));
  for (const [userId, rows] of Map.groupBy(waiting, (row) => row.user_id)) {
    const person = recipients.get(userId);
    const said = worthSaying(rows, bound, nowMs);
    const message = {
      kind: "limits",
      name: person?.name ?? "",
      url: `${baseUrl}/budgets`,
      notices: said,
      display,
    } as const;
    const mail = person && said.length > 0 ? mailer.compose(person.email, person.locale ?? "en", message) : null;
    const isKept = await notices.mailed(
      rows.map((row) => row.id),
      mail,
      nowMs,
    );
    if (!isKept || mail === null) continue;
    await mailer.afterKeeping();
    await alsoTell(userId, said);
  }
}

/** Of several marks of one limit the highest; nothing of limits that hold no more. The most urgent first. */
function worthSaying(
  rows: readonly LimitNoticeRow[],
  bound: ReadonlyMap<string, BoundLimit>,
  nowMs: number,
): LimitNotice[] {
  const last = new Map<string, LimitNoticeRow>();
  for (const row of rows) {
    const before = last.get(row.limit_id);
    if (!before || row.mark > before.mark) last.set(row.limit_id, row);
  }
  return [...last.values()]
    .sort((one, other) => other.mark - one.mark)
    .flatMap((row) => {
      const limit = bound.get(row.limit_id);
      return limit && limit.limitNano === row.limit_nano ? [noticeOf(row, limit, nowMs)] : [];
    });
}

function noticeOf(row: LimitNoticeRow, { scope, keyName, reset }: BoundLimit, nowMs: number): LimitNotice {
  const mark = NOTICE_MARKS.find((known) => known === row.mark);
  return {
    about: scope === "key" ? { scope, name: keyName ?? "" } : { scope },
    reset,
    spentUsd: usdString(row.spent_nano),
    limitUsd: usdString(row.limit_nano),
    news: mark === undefined ? { endsAtMs: row.ends_at ?? nowMs } : { mark },
    resetsAtMs: windowOf(reset, row.created_at).endsAtMs,
  };
}
