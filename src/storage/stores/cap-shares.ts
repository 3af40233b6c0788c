/**
 * Caps on the rate of calls, divided among all processes on one database: each holds a share of a cap, and gives no more
 * than that by itself.
 *
 * Invariants: the shares of a cap are together never more than the cap, because all of them are changed in one transaction
 * after another; a process never uses more than the database says it has: what grows is written first, what shrinks is
 * given up here first. Shares are for some time, by the database's clock; a process that could not write for a part of
 * that time uses none of them. So what a dead process had is free again after its last minute is over. What the database
 * has forgotten before its time, because its clock was moved or this machine stood still, is not used any more either.
 * Failure mode: when the database does not answer, `grow` rejects and nothing more is given than was held already.
 */
import { sql } from "kysely";
import type { Clock } from "../../kernel/clock.ts";
import { newId } from "../../kernel/ids.ts";
import type { Engine } from "../engine.ts";
import type { Db } from "../open.ts";

export type ShareKind = "rpm" | "tpm" | "parallel";

export interface ShareAsk {
  /** Whose cap: unique among all caps. */
  name: string;
  kind: ShareKind;
  cap: number;
  /** As much as is needed here, together with what is used. */
  need: number;
}

export interface CapShareOptions {
  db: Db;
  engine: Engine;
  clock: Pick<Clock, "monotonicMs">;
  /** Nobody else uses this database: shares that others left are nobody's. */
  isAlone: boolean;
}

/** A share is renewed this often, */
const RENEW_EVERY_MS = 5_000;
/** is not used any more when it was not renewed for so long, */
const TRUST_MS = 25_000;
/** and others can have it after this: then the minute is over in which it may have been used. */
const RATE_LASTS_MS = 95_000;
/**
 * A call may run much longer than anybody can wait for its place. Where the process lives and only cannot reach the
 * database, its calls go on beside those that get their places.
 */
const PARALLEL_LASTS_MS = 40_000;
/** A process without shares shows by a row with this name that it lives. */
const HEART = "";
/** Beside others a process keeps this part of a rate in hand, so that not every call has to ask. */
const SPARE_PART = 16;
/** Of places for calls less, and of few places none: who holds one that is not used keeps others out. */
const SPARE_PART_OF_PLACES = 64;
/** Places that were asked for are kept for so long: calls end in batches, and as many begin again at once. */
const KEEP_PLACES_MS = 1_000;
/** A process that is alone on a server that others could join, this one. */
const SPARE_PART_ALONE = 4;
/** Any number that nothing else in this database locks. */
const LOCK = 4_718_202;

interface Change extends ShareAsk {
  waiting: PromiseWithResolvers<void>[];
}

/** The process goes on under another name: what it asked for under the old one is not its own. */
class NameGone extends Error {
  override readonly name = "NameGone";
}

/** Shares in force at once. Rejects when the database does not answer. */
export async function createCapShares(options: CapShareOptions): Promise<CapShares> {
  const shares = new CapShares(options);
  await shares.tend();
  return shares;
}

export class CapShares {
  readonly #options: CapShareOptions;
  readonly #shares = new Map<string, number>();
  #pending = new Map<string, Change>();
  /** Monotonic: when places were last asked for, by the name of their cap. */
  readonly #grownMs = new Map<string, number>();
  #processId = newId("proc");
  #isWriting = false;
  #hasHeart = false;
  #hasTakenOver = false;
  #isAlone: boolean;
  /** Monotonic: when all shares were last known to be in force. */
  #renewedMs: number;

  constructor(options: CapShareOptions) {
    this.#options = options;
    this.#isAlone = options.isAlone;
    this.#renewedMs = options.clock.monotonicMs();
  }

  /** What this process may give of a cap by itself. */
  of(name: string): number {
    return this.#isTrusted() ? (this.#shares.get(name) ?? 0) : 0;
  }

  /** How much more than is needed this process holds of a cap. */
  spare({ kind, cap }: Pick<ShareAsk, "kind" | "cap">): number {
    if (this.#options.isAlone && this.#isAlone) return cap;
    if (this.#isAlone) return Math.ceil(cap / SPARE_PART_ALONE);
    return Math.floor(cap / (kind === "parallel" ? SPARE_PART_OF_PLACES : SPARE_PART));
  }

  /** Asks for more. Resolves when `of` says what there is now; rejects when the database does not answer. */
  grow(asks: readonly ShareAsk[]): Promise<unknown> {
    if (!this.#isTrusted()) return Promise.reject(new Error("shares of caps could not be renewed for too long"));
    const waits = asks.map((ask) => {
      if (ask.kind === "parallel") this.#grownMs.set(ask.name, this.#options.clock.monotonicMs());
      const waiting = Promise.withResolvers<void>();
      this.#enter({ ...ask, need: ask.need + this.spare(ask), waiting: [waiting] });
      return waiting.promise;
    });
    void this.#write();
    return Promise.all(waits);
  }

  /** No more is needed from now on than this and what is spare. Not waited for. */
  shrink(ask: ShareAsk): void {
    const share = this.#shares.get(ask.name) ?? 0;
    const spare = this.spare(ask);
    const need = ask.need + spare;
    // Calls end one at a time, and the next one begins soon: not each of them is worth a write.
    if (share <= (ask.kind === "parallel" ? need + spare : need)) return;
    if (ask.kind === "parallel" && spare > 0 && this.#isJustGrown(ask.name)) return;
    this.#shares.set(ask.name, need);
    this.#enter({ ...ask, need, waiting: [] });
    void this.#write();
  }

  /** To be called about once a second: renews what is held, and looks who else is there. Rejects when that fails. */
  async tend(): Promise<void> {
    const { db, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // What stands in the old name runs out there; nobody knows any more how much of it was given to others.
    if (!this.#isTrusted()) this.#beginAnew();
    const isDue = nowMs - this.#renewedMs >= RENEW_EVERY_MS || !this.#hasHeart;
    if (isDue) await this.#renew(nowMs);
    const others = await db
      .selectFrom("cap_share")
      .select("process_id")
      .where("name", "=", HEART)
      .where("process_id", "!=", this.#processId)
      .where("expires_at", ">", this.#now())
      .limit(1)
      .execute();
    this.#isAlone = others.length === 0;
    void this.#write();
  }

  /** Where there are few places none is kept: others may wait for it. */
  #isJustGrown(name: string): boolean {
    const grownMs = this.#grownMs.get(name);
    if (grownMs === undefined) return false;
    if (this.#options.clock.monotonicMs() - grownMs < KEEP_PLACES_MS) return true;
    this.#grownMs.delete(name);
    return false;
  }

  #beginAnew(): void {
    this.#processId = newId("proc");
    this.#shares.clear();
    this.#grownMs.clear();
    for (const { waiting } of this.#pending.values()) for (const each of waiting) each.reject(new NameGone());
    this.#pending.clear();
    this.#hasHeart = false;
  }

  async #renew(nowMs: number): Promise<void> {
    const { db, isAlone } = this.#options;
    const processId = this.#processId;
    const now = this.#now();
    const lasts = sql<number>`case when name like '%/parallel' or name = ${HEART} then ${sql.lit(PARALLEL_LASTS_MS)} else ${sql.lit(RATE_LASTS_MS)} end`;
    const before = [...this.#shares.keys()];
    const held = await db.transaction().execute(async (transaction) => {
      await this.#lock(transaction);
      const gone = transaction.deleteFrom("cap_share");
      await (isAlone && !this.#hasTakenOver ? gone : gone.where("expires_at", "<=", now)).execute();
      const renewed = await transaction
        .updateTable("cap_share")
        .set({ expires_at: sql<number>`${now} + ${lasts}` })
        .where("process_id", "=", processId)
        .returning("name")
        .execute();
      const heart = {
        name: HEART,
        process_id: processId,
        share: 0,
        expires_at: sql<number>`${now} + ${sql.lit(PARALLEL_LASTS_MS)}`,
      };
      await transaction
        .insertInto("cap_share")
        .values(heart)
        .onConflict((conflict) => conflict.columns(["name", "process_id"]).doNothing())
        .execute();
      return new Set(renewed.map(({ name }) => name));
    });
    for (const name of before) if (!held.has(name)) this.#shares.delete(name);
    this.#hasHeart = true;
    this.#hasTakenOver = true;
    this.#renewedMs = nowMs;
  }

  /** Leaves what was used to run out, and everything else to others. */
  async end(): Promise<void> {
    const { db } = this.#options;
    const processId = this.#processId;
    this.#shares.clear();
    const parallel = sql<boolean>`name like '%/parallel'`;
    await db
      .deleteFrom("cap_share")
      .where("process_id", "=", processId)
      .where((eb) => eb.or([eb("name", "=", HEART), parallel]))
      .execute();
  }

  #isTrusted(): boolean {
    return this.#options.clock.monotonicMs() - this.#renewedMs < TRUST_MS;
  }

  #enter(change: Change): void {
    const before = this.#pending.get(change.name);
    this.#pending.set(change.name, { ...change, waiting: [...(before?.waiting ?? []), ...change.waiting] });
  }

  /** Writes what is pending, one transaction after another. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      // What comes within the same turn goes together.
      await Promise.resolve();
      while (this.#pending.size > 0) {
        const changes = [...this.#pending.values()];
        this.#pending = new Map();
        if (!(await this.#carryOut(changes))) break;
      }
    } finally {
      this.#isWriting = false;
    }
  }

  async #carryOut(changes: readonly Change[]): Promise<boolean> {
    const processId = this.#processId;
    try {
      const shares = await this.#transact(changes, processId);
      if (processId !== this.#processId) throw new NameGone();
      for (const { name } of changes) {
        // What was given up meanwhile stays given up.
        const given = this.#pending.get(name)?.need ?? Number.POSITIVE_INFINITY;
        const share = Math.min(shares.get(name) ?? 0, given);
        if (share !== 0) this.#shares.set(name, share);
        else {
          this.#shares.delete(name);
          this.#grownMs.delete(name);
        }
      }
      for (const { waiting } of changes) for (const each of waiting) each.resolve();
      return true;
    } catch (error) {
      for (const change of changes) {
        for (const each of change.waiting) each.reject(error);
        if (processId !== this.#processId) continue;
        // Whether it was written is not known, so what is in force here is written with the next change.
        const need = Math.min(this.#shares.get(change.name) ?? 0, change.need);
        if (!this.#pending.has(change.name)) this.#pending.set(change.name, { ...change, need, waiting: [] });
      }
      return false;
    }
  }

  #transact(changes: readonly Change[], processId: string): Promise<Map<string, number>> {
    const { db } = this.#options;
    const now = this.#now();
    return db.transaction().execute(async (transaction) => {
      await this.#lock(transaction);
      const taken = await transaction
        .selectFrom("cap_share")
        .select(["name", sql<number>`cast(sum(share) as bigint)`.as("taken")])
        .where(
          "name",
          "in",
          changes.map(({ name }) => name),
        )
        .where("process_id", "!=", processId)
        .where("expires_at", ">", now)
        .groupBy("name")
        .execute();
      const takenBy = new Map(taken.map((row) => [row.name, row.taken]));
      const shares = new Map<string, number>();
      for (const { name, kind, cap, need } of changes) {
        const share = Math.max(0, Math.min(need, cap - (takenBy.get(name) ?? 0)));
        shares.set(name, share);
        if (share === 0) {
          await transaction
            .deleteFrom("cap_share")
            .where("name", "=", name)
            .where("process_id", "=", processId)
            .execute();
          continue;
        }
        const lastsMs = kind === "parallel" ? PARALLEL_LASTS_MS : RATE_LASTS_MS;
        const values = { share, expires_at: sql<number>`${now} + ${sql.lit(lastsMs)}` };
        await transaction
          .insertInto("cap_share")
          .values({ name, process_id: processId, ...values })
          .onConflict((conflict) => conflict.columns(["name", "process_id"]).doUpdateSet(values))
          .execute();
      }
      return shares;
    });
  }

  /** One change after another, so that none sees half of another, nor two wait for each other. */
  async #lock(transaction: Db): Promise<void> {
    if (this.#options.engine === "postgres")
      await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(transaction);
  }

  /** The database's clock, so that no two processes have to agree on the time. */
  #now() {
    return this.#options.engine === "postgres"
      ? sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
      : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
  }
}
