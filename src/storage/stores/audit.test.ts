import { expect, test } from "bun:test";
import { sql } from "kysely";
import { type Databases, eachEngine } from "../../../test/support/databases.ts";
import type { AuditEntry } from "../../kernel/audit.ts";
import { Secret } from "../../kernel/secret.ts";
import type { Db, Storage } from "../open.ts";
import { type AuditStore, createAuditStore } from "./audit.ts";
import { type AuditRow, type Checkpoint, signCheckpoint } from "./audit-chain.ts";

const SECRET = new Secret("a secret of an instance that is long enough");
const OTHER_SECRET = new Secret("another secret of an instance, long enough");
const ROWS = 40;
const TAMPERS = 1_000;

const entry = (number: number): AuditEntry => ({
  actor: { kind: "person", id: `user_${number % 5}`, address: "203.0.113.7" },
  action: number % 2 === 0 ? "key.change" : "key.create",
  target: { kind: "key", id: `key${number}` },
  before: { name: `Before ${number}` },
  after: { name: `After ${number}`, limitUsd: null },
});

/** The same sequence of numbers for every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function withoutTriggers(db: Db, engine: Databases["engine"]): Promise<void> {
  const drops =
    engine === "sqlite"
      ? ["drop trigger audit_no_update", "drop trigger audit_no_delete"]
      : ["drop trigger audit_no_change on audit", "drop trigger audit_no_truncate on audit"];
  for (const drop of drops) await sql.raw(drop).execute(db);
}

eachEngine((databases) => {
  async function start(rows = 0): Promise<{ storage: Storage; audit: AuditStore }> {
    const storage = await databases.open();
    const time = { nowMs: 1_000 };
    const clock = { nowMs: () => time.nowMs++, monotonicMs: () => 0 };
    const audit = createAuditStore(storage.db, { secret: SECRET, clock });
    for (let row = 1; row <= rows; row++) await audit.record(entry(row));
    return { storage, audit };
  }

  test("an entry is kept as it was recorded, newest first, and the whole verifies", async () => {
    const { audit } = await start(3);
    const [newest] = await audit.list({ limit: 10 });
    expect(newest).toMatchObject({ seq: 3, actor_kind: "person", action: "key.create", target_id: "key3" });
    expect(JSON.parse(newest?.after ?? "")).toEqual({ name: "After 3", limitUsd: null });
    expect((await audit.list({ limit: 10, beforeSeq: 3 })).map(({ seq }) => seq)).toEqual([2, 1]);
    expect((await audit.list({ limit: 10, action: "key.change" })).map(({ seq }) => seq)).toEqual([2]);
    expect((await audit.list({ limit: 10, actorId: "user_3" })).map(({ seq }) => seq)).toEqual([3]);
    expect((await audit.list({ limit: 10, targetId: "key1" })).map(({ seq }) => seq)).toEqual([1]);
    expect((await audit.list({ limit: 10, fromMs: 1_001, toMs: 1_002 })).map(({ seq }) => seq)).toEqual([2]);
    expect(await audit.verify()).toMatchObject({ ok: true, rows: 3, problems: [], unverifiable: 0 });
  });

  test("the database itself refuses to change, delete or empty the log", async () => {
    const { storage, audit } = await start(3);
    const { db } = storage;
    const tries: (() => Promise<unknown>)[] = [
      () => db.updateTable("audit").set({ action: "key.delete" }).where("seq", "=", 2).execute(),
      () => db.deleteFrom("audit").where("seq", "=", 2).execute(),
      () => db.deleteFrom("audit").execute(),
      ...(databases.engine === "postgres" ? [() => sql`truncate audit`.execute(db)] : []),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toThrow("append-only");
    expect((await audit.verify()).ok).toBe(true);
  });

  test("an entry is there exactly when its change is", async () => {
    const { storage, audit } = await start();
    const change = async (db: Db) => {
      await db.insertInto("instance").values({ name: "changed", value: "yes" }).execute();
    };
    const failing = audit.together(async (db, record) => {
      await change(db);
      await record(entry(1));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect([await audit.list({ limit: 9 }), await audit.head()]).toEqual([[], { seq: 0, hash: "" }]);
    expect(await storage.db.selectFrom("instance").selectAll().where("name", "=", "changed").execute()).toEqual([]);
    await audit.together(async (db, record) => {
      await change(db);
      await record(entry(1));
    });
    expect((await audit.list({ limit: 9 })).length).toBe(1);
    expect((await storage.db.selectFrom("instance").where("name", "=", "changed").selectAll().execute()).length).toBe(
      1,
    );
  });

  test("entries that come at once are one chain without gaps", async () => {
    const { audit } = await start();
    await Promise.all(Array.from({ length: 50 }, (_, number) => audit.record(entry(number))));
    expect(await audit.verify()).toMatchObject({ ok: true, rows: 50 });
    const seqs = (await audit.list({ limit: 100 })).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 50 }, (_, index) => 50 - index));
  });

  test("what looks like a secret is not kept, even where a caller hands it in", async () => {
    const { audit, storage } = await start();
    const key = `gpr_${"a".repeat(46)}`;
    const after = { apiKey: "hunter2", note: `use ${key} or sk-proj-0123456789abcdef`, nested: { password: ["x"] } };
    await audit.record({ ...entry(1), before: null, after });
    const [row] = await storage.db.selectFrom("audit").selectAll().execute();
    expect(JSON.parse(row?.after ?? "")).toEqual({
      apiKey: "[secret]",
      note: "use [secret] or [secret]",
      nested: { password: "[secret]" },
    });
  });

  test(`each of ${TAMPERS} random tampers with one row, or with the end, is detected`, async () => {
    const { storage, audit } = await start(ROWS);
    await withoutTriggers(storage.db, databases.engine);
    const checkpoint = signCheckpoint(audit.keys, { at: 1, ...(await audit.head()) });
    const next = numbers(7);
    const missed: string[] = [];
    for (let round = 0; round < TAMPERS; round++) {
      const tamper = TAMPERING[round % TAMPERING.length];
      if (!tamper) throw new Error("there is nothing to tamper with");
      await rolledBack(storage.db, async (db) => {
        const what = await tamper(db, next);
        const store = createAuditStore(db, { secret: SECRET, clock: { nowMs: () => 0, monotonicMs: () => 0 } });
        if ((await store.verify({ checkpoints: [checkpoint] })).ok) missed.push(`${round}: ${what}`);
      });
    }
    expect(missed).toEqual([]);
    // Everything was put back, so nothing is left to find.
    expect((await audit.verify({ checkpoints: [checkpoint] })).ok).toBe(true);
  }, 120_000);

  test("a cut end shows against a checkpoint only, and a checkpoint that nobody signed is told apart", async () => {
    const { storage, audit } = await start(5);
    const head = await audit.head();
    const checkpoint = signCheckpoint(audit.keys, { at: 1, ...head });
    await withoutTriggers(storage.db, databases.engine);
    await storage.db.deleteFrom("audit").where("seq", "=", 5).execute();
    const [last] = await audit.list({ limit: 1 });
    await storage.db
      .updateTable("audit_head")
      .set({ seq: 4, hash: last?.hash ?? "" })
      .execute();
    expect((await audit.verify()).ok).toBe(true);
    const cut = await audit.verify({ checkpoints: [checkpoint] });
    expect(cut).toMatchObject({ ok: false, problems: [{ seq: 5, problem: "checkpoint" }] });
    const forged: Checkpoint = { ...checkpoint, seq: 4, hash: last?.hash ?? "" };
    expect((await audit.verify({ checkpoints: [forged] })).problems).toEqual([
      { seq: 4, problem: "forged_checkpoint" },
    ]);
  });

  test("rows of another secret verify with that secret, and are never taken for good without it", async () => {
    const { storage, audit } = await start(3);
    const clock = { nowMs: () => 5_000, monotonicMs: () => 0 };
    const later = createAuditStore(storage.db, { secret: OTHER_SECRET, clock });
    await later.record(entry(4));
    expect(await later.verify()).toMatchObject({ ok: false, rows: 4, unverifiable: 3, problems: [] });
    expect(await later.verify({ olderKeys: [audit.keys] })).toMatchObject({ ok: true, rows: 4, unverifiable: 0 });
  });

  test("verifying can go on behind a row that was verified before", async () => {
    const { audit } = await start(5);
    const head = await audit.head();
    await audit.record(entry(6));
    expect(await audit.verify({ after: head })).toMatchObject({ ok: true, rows: 1 });
    expect((await audit.verify({ after: { ...head, hash: "0".repeat(64) } })).ok).toBe(false);
  });
});

type Tamper = (db: Db, next: (below: number) => number) => Promise<string>;

/** Does what it is given and takes it back, whatever it did. */
async function rolledBack(db: Db, work: (db: Db) => Promise<void>): Promise<void> {
  const done = new Error("taken back");
  await db
    .transaction()
    .execute(async (transaction) => {
      await work(transaction);
      throw done;
    })
    .catch((error) => {
      if (error !== done) throw error;
    });
}

const rowAt = async (db: Db, seq: number): Promise<AuditRow> =>
  db.selectFrom("audit").selectAll().where("seq", "=", seq).executeTakeFirstOrThrow();

function edit(field: keyof AuditRow): Tamper {
  return async (db, next) => {
    const seq = 1 + next(ROWS);
    const row = await rowAt(db, seq);
    const value = row[field];
    const changed = typeof value === "number" ? value + 1 + next(9) : changedText(value, next);
    await db
      .updateTable("audit")
      .set({ [field]: changed })
      .where("seq", "=", seq)
      .execute();
    return `${field} of row ${seq}: ${value} → ${changed}`;
  };
}

/** One character turned into another; null where there was something, or something where there was null. */
function changedText(value: string | null, next: (below: number) => number): string | null {
  if (value === null || value === "") return "x";
  if (next(5) === 0) return value.slice(0, -1);
  const at = next(value.length);
  const other = value[at] === "x" ? "y" : "x";
  return value.slice(0, at) + other + value.slice(at + 1);
}

const TAMPERING: readonly Tamper[] = [
  edit("at"),
  edit("actor_kind"),
  edit("actor_id"),
  edit("address"),
  edit("action"),
  edit("target_kind"),
  edit("target_id"),
  edit("before"),
  edit("after"),
  edit("key_id"),
  edit("hash"),
  async (db, next) => {
    const seq = 1 + next(ROWS);
    await db.updateTable("audit").set({ after: null, before: null }).where("seq", "=", seq).execute();
    return `facts of row ${seq} away`;
  },
  async (db, next) => {
    const seq = 1 + next(ROWS);
    await db.deleteFrom("audit").where("seq", "=", seq).execute();
    return `row ${seq} deleted`;
  },
  async (db, next) => {
    const seq = 1 + next(ROWS - 1);
    await db.deleteFrom("audit").where("seq", "=", seq).execute();
    // Closed up, so that there is no gap.
    for (let later = seq + 1; later <= ROWS; later++) {
      await db
        .updateTable("audit")
        .set({ seq: later - 1 })
        .where("seq", "=", later)
        .execute();
    }
    return `row ${seq} deleted and the rest moved up`;
  },
  async (db, next) => {
    const first = 1 + next(ROWS);
    const second = 1 + ((first + next(ROWS - 1)) % ROWS);
    const [one, other] = [await rowAt(db, first), await rowAt(db, second)];
    await db.deleteFrom("audit").where("seq", "in", [first, second]).execute();
    const swapped = [
      { ...one, seq: second },
      { ...other, seq: first },
    ];
    await db.insertInto("audit").values(swapped).execute();
    return `rows ${first} and ${second} swapped`;
  },
  async (db, next) => {
    const copied = await rowAt(db, 1 + next(ROWS));
    await db
      .insertInto("audit")
      .values({ ...copied, seq: ROWS + 1 })
      .execute();
    await db
      .updateTable("audit_head")
      .set({ seq: ROWS + 1, hash: copied.hash })
      .execute();
    return "a copied row put at the end, with the head";
  },
  async (db, next) => {
    const copied = await rowAt(db, 1 + next(ROWS));
    const seq = next(2) === 0 ? -next(5) : ROWS + 1 + next(5);
    await db
      .insertInto("audit")
      .values({ ...copied, seq, target_id: "forged" })
      .execute();
    return `a row at ${seq}`;
  },
  async (db, next) => {
    const kept = next(ROWS);
    await db.deleteFrom("audit").where("seq", ">", kept).execute();
    return `cut behind row ${kept}`;
  },
  async (db, next) => {
    const kept = next(ROWS);
    const last = kept === 0 ? null : await rowAt(db, kept);
    await db.deleteFrom("audit").where("seq", ">", kept).execute();
    await db
      .updateTable("audit_head")
      .set({ seq: kept, hash: last?.hash ?? "" })
      .execute();
    return `cut behind row ${kept}, with the head`;
  },
  async (db, next) => {
    await db
      .updateTable("audit_head")
      .set({ seq: ROWS + 1 + next(9) })
      .execute();
    return "the head moved";
  },
];
