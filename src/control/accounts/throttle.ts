/**
 * Bounds on guessing and mailing. The rules are pure decisions over a counter; the counters live in the database, so
 * that a restart or a second process gives nobody a fresh start. Names are made by the server from what it knows
 * itself (account, address of the caller), never from a field that the caller chooses freely.
 */
import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Storage } from "../../storage/open.ts";

export interface Counter {
  count: number;
  windowStartedAt: number;
  blockedUntil: number;
}

export interface Rule {
  windowMs: number;
  /** How many within a window pass. */
  limit: number;
  /** After the limit: how long the next attempt waits, growing with every further one. */
  block(over: number): number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const rules = {
  /** Wrong passwords of one account: five are free, then 1 s, 2 s, 4 s … 15 min; after a hundred a day each. */
  accountFailures: {
    windowMs: 30 * DAY,
    limit: 5,
    block: (over) => (over > 90 ? DAY : Math.min(15 * MINUTE, 1000 * 2 ** (over - 1))),
  },
  /** Log-ins, sign-ups and token trials from one address (a /64 for IPv6). */
  addressAttempts: { windowMs: MINUTE, limit: 20, block: () => MINUTE },
  mailsPerRecipientHour: { windowMs: HOUR, limit: 3, block: () => HOUR },
  mailsPerRecipientDay: { windowMs: DAY, limit: 10, block: () => DAY },
  /** Invitations of one team, sent again or for the first time. */
  invitationsPerTeamDay: { windowMs: DAY, limit: 100, block: () => HOUR },
  mailsPerAddressHour: { windowMs: HOUR, limit: 10, block: () => HOUR },
} as const satisfies Record<string, Rule>;

/** The counter after one more event, and whether that event passes. */
export function countOne(counter: Counter | null, rule: Rule, nowMs: number): { next: Counter; waitMs: number } {
  if (counter && counter.blockedUntil > nowMs) return { next: counter, waitMs: counter.blockedUntil - nowMs };
  const current = counter && nowMs - counter.windowStartedAt < rule.windowMs ? counter : null;
  const count = (current?.count ?? 0) + 1;
  const windowStartedAt = current?.windowStartedAt ?? nowMs;
  if (count < rule.limit) return { next: { count, windowStartedAt, blockedUntil: 0 }, waitMs: 0 };
  // The event that reaches the limit still passes; the block is for the one after it.
  return { next: { count, windowStartedAt, blockedUntil: nowMs + rule.block(count - rule.limit + 1) }, waitMs: 0 };
}

export type Throttle = ReturnType<typeof createThrottle>;

export function createThrottle({ db, engine }: Pick<Storage, "db" | "engine">, clock: Clock) {
  return {
    /** Counts one event. Resolves to the milliseconds to wait, 0 when it passes. Events at once are counted one by one. */
    async take(name: string, rule: Rule): Promise<number> {
      return db.transaction().execute(async (transaction) => {
        const none = { name, count: 0, window_started_at: clock.nowMs(), blocked_until: 0 };
        await transaction
          .insertInto("throttle")
          .values(none)
          .onConflict((conflict) => conflict.column("name").doNothing())
          .execute();
        const stored = transaction.selectFrom("throttle").selectAll().where("name", "=", name);
        // SQLite's transactions are one after the other already.
        const row = await (engine === "postgres" ? stored.forUpdate() : stored).executeTakeFirstOrThrow();
        const counter = { count: row.count, windowStartedAt: row.window_started_at, blockedUntil: row.blocked_until };
        const { next, waitMs } = countOne(counter, rule, clock.nowMs());
        const values = { count: next.count, window_started_at: next.windowStartedAt, blocked_until: next.blockedUntil };
        await transaction.updateTable("throttle").set(values).where("name", "=", name).execute();
        return waitMs;
      });
    },
    async reset(name: string): Promise<void> {
      await db.deleteFrom("throttle").where("name", "=", name).execute();
    },
    /** Drops counters that can no longer matter. */
    async prune(): Promise<void> {
      const nowMs = clock.nowMs();
      await db
        .deleteFrom("throttle")
        .where("blocked_until", "<", nowMs)
        .where("window_started_at", "<", nowMs - rules.accountFailures.windowMs)
        .execute();
    },
  };
}

/** Throws too_many_attempts when there is something to wait for. */
export function refuseIfWaiting(waitMs: number): void {
  if (waitMs <= 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new GapuraError("too_many_attempts", { values: { seconds }, retryAfterSeconds: seconds });
}

/** The counter's name for an address of the network: one IPv4 address, or the /64 that an IPv6 caller owns. */
export function addressName(purpose: string, address: string): string {
  if (!ipaddr.isValid(address)) return `${purpose}:unknown`;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return `${purpose}:${parsed.toString()}`;
  return `${purpose}:${parsed
    .toByteArray()
    .slice(0, 8)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** The counter's name for a mail address, known or not. */
export function emailName(purpose: string, email: string): string {
  return `${purpose}:${createHash("sha256").update(email).digest("hex").slice(0, 32)}`;
}
