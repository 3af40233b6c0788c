/**
 * What processes that died have left: calls that had begun are settled from their last mark, as estimates; all other
 * holds and leases end, and their money is free again.
 *
 * Invariants: a process is marked dead only while its heart still stands where it was seen, so one that beats again is
 * left alone; whatever is done here can be done again, by several processes at once.
 */
import { type Selectable, sql } from "kysely";
import type { NanoUsd } from "../../kernel/money.ts";
import type { Db } from "../open.ts";
import type { UsageRow } from "../schema.ts";
import { unpackRows } from "../usage-writer/rows.ts";
import type { UsageWriter } from "../usage-writer/usage-writer.ts";
import type { Command, HeldMoney } from "./commands.ts";
import type { LeasePool } from "./lease-pool.ts";
import { limitIdsFrom } from "./load.ts";
import type { OpenHolds } from "./open-holds.ts";
import type { ReservationTable } from "./tables.ts";

interface Parts {
  db: Db;
  writer: UsageWriter;
  clock: { nowMs(): number };
  pool: LeasePool;
  holds: OpenHolds;
}

/** Looks in a row in which a heart stood still. */
const LOOKS_UNTIL_DEAD = 5;
/** How many rows are worked on at once. */
const PORTION = 200;
/** Own rows younger than this may belong to something that is just under way. */
const SETTLED_AFTER_MS = 60_000;
/** What the record of an interrupted call says of its end. */
const INTERRUPTED = "shutting_down";

export class Recovery {
  readonly #parts: Parts;
  /** Hearts as last seen, and how often they stood still since. */
  #hearts = new Map<string, { beat: number; still: number }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** For whoever has the database alone: every other process is dead. */
  async takeOver(ownId: string): Promise<void> {
    for (const { id, beat } of await this.#holders(ownId)) await this.#bury(id, beat);
  }

  /** Looks once at all who hold money. To be called every few seconds. */
  async look(ownId: string): Promise<void> {
    const seen = new Map<string, { beat: number; still: number }>();
    try {
      for (const { id, beat } of await this.#holders(ownId)) {
        const before = this.#hearts.get(id);
        const still = before?.beat === beat ? before.still + 1 : 0;
        seen.set(id, { beat, still });
        if (still >= LOOKS_UNTIL_DEAD) await this.#bury(id, beat);
      }
    } finally {
      // After a look that failed everybody gets all their looks again.
      this.#hearts = seen;
    }
  }

  async #holders(ownId: string): Promise<{ id: string; beat: number }[]> {
    const { db } = this.#parts;
    const holding = sql<boolean>`(exists (select 1 from reservation where state = 'held' and process_id = ledger_process.id)
      or exists (select 1 from lease where state = 'open' and process_id = ledger_process.id))`;
    return db.selectFrom("ledger_process").select(["id", "beat"]).where("id", "!=", ownId).where(holding).execute();
  }

  async #bury(processId: string, beat: number): Promise<void> {
    const { db } = this.#parts;
    await db
      .updateTable("ledger_process")
      .set({ state: "dead" })
      .where("id", "=", processId)
      .where("beat", "=", beat)
      .execute();
    const row = await db.selectFrom("ledger_process").select("state").where("id", "=", processId).executeTakeFirst();
    if (row?.state === "dead") await this.#settleEstate(processId);
  }

  async #settleEstate(processId: string): Promise<void> {
    await this.#allOf<HeldRow & { id: string }>((after) => this.#heldBy(processId, after), endOf);
    await this.#allOf(
      (after) => this.#leasesOf(processId, after),
      ({ id, limits }) => ({ kind: "expireLease", leaseId: id, limitIds: limitIdsFrom(limits) }),
    );
  }

  /** Holds and leases in this process's own name that it knows nothing of: their answers were lost on the way. */
  async sweepOwn(processId: string): Promise<void> {
    const { holds, pool } = this.#parts;
    await this.#allOf(
      (after) => this.#heldBy(processId, after),
      (row) =>
        holds.has(row.request_id) || this.#isYoung(row.started_at) ? null : { kind: "release", hold: moneyOf(row) },
    );
    await this.#allOf(
      (after) => this.#leasesOf(processId, after),
      ({ id, limits, created_at }) =>
        pool.has(id) || this.#isYoung(created_at)
          ? null
          : { kind: "expireLease", leaseId: id, limitIds: limitIdsFrom(limits) },
    );
  }

  #isYoung(atMs: number): boolean {
    return this.#parts.clock.nowMs() - atMs < SETTLED_AFTER_MS;
  }

  /** Goes through rows in the order of their ids, so that one that cannot be ended does not stop the others. */
  async #allOf<Row extends { id: string }>(
    read: (after: string) => Promise<Row[]>,
    commandFor: (row: Row) => Command | null,
  ): Promise<void> {
    for (let after: string | undefined = ""; after !== undefined; ) {
      const rows: Row[] = await read(after);
      const commands = rows.flatMap((row) => commandFor(row) ?? []);
      await Promise.all(commands.map((command) => this.#parts.writer.submit(command)));
      after = rows.at(-1)?.id;
    }
  }

  #heldBy(processId: string, after: string) {
    return this.#parts.db
      .selectFrom("reservation")
      .selectAll()
      .select("request_id as id")
      .where("process_id", "=", processId)
      .where("state", "=", "held")
      .where("request_id", ">", after)
      .orderBy("request_id")
      .limit(PORTION)
      .execute();
  }

  #leasesOf(processId: string, after: string) {
    return this.#parts.db
      .selectFrom("lease")
      .selectAll()
      .where("process_id", "=", processId)
      .where("state", "=", "open")
      .where("id", ">", after)
      .orderBy("id")
      .limit(PORTION)
      .execute();
  }
}

type HeldRow = Selectable<ReservationTable>;

function endOf(row: HeldRow): Command {
  const hold = moneyOf(row);
  const [draft] = row.draft === null ? [] : unpackRows(row.draft);
  if (!draft || row.progress_nano === 0n) return { kind: "expire", hold };
  return { kind: "settle", row: interrupted(draft, row.progress_nano), hold };
}

/** The record of a call whose process died, as of its last mark. */
function interrupted(draft: UsageRow, costNano: NanoUsd): UsageRow {
  return { ...draft, cost_nano: costNano, tokens_estimated: 1, error_code: INTERRUPTED };
}

function moneyOf(row: HeldRow): HeldMoney {
  return {
    requestId: row.request_id,
    keyId: row.key_id,
    userId: row.user_id,
    startedAtMs: row.started_at,
    grantedNano: row.granted_nano,
    leaseId: row.lease_id,
    limitIds: limitIdsFrom(row.limits),
  };
}
