import { expect, test } from "bun:test";
import { type CompiledQuery, sql } from "kysely";
import { databasesOf, eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { AuditActor } from "../../kernel/audit.ts";
import { systemClock } from "../../kernel/clock.ts";
import { Secret } from "../../kernel/secret.ts";
import { createAuditStore } from "./audit.ts";
import { concerning } from "./audit-list.ts";
import { createKeyStore } from "./keys.ts";

const sqlite = databasesOf("sqlite");
const WANTED = { beforeSeq: 1_000, limit: 51 };

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const audit = createAuditStore(storage.db, { secret: new Secret("s".repeat(48)), clock: systemClock });
    const keyOf = async (userId: string) => {
      const made = createApiKey("inference");
      await createKeyStore(storage.db).create(made, { userId, name: "Job", expiresAt: null }, 1);
      return made.publicId;
    };
    const [siti, budi] = [
      await storedPerson(storage, "siti@example.com"),
      await storedPerson(storage, "budi@example.com"),
    ];
    return { audit, siti, budi, sitisKey: await keyOf(siti), budisKey: await keyOf(budi) };
  }

  test("what an account or its keys did, or what was done to them, is listed once each, in order, and nothing else", async () => {
    const { audit, siti, budi, sitisKey, budisKey } = await start();
    const actors: AuditActor[] = [siti, budi].map((id) => ({ kind: "person", id }));
    actors.push({ kind: "key", id: sitisKey }, { kind: "key", id: budisKey }, { kind: "system", id: null });
    const targets = [siti, budi].map((id) => ({ kind: "account", id }));
    targets.push({ kind: "key", id: sitisKey }, { kind: "key", id: budisKey });
    const expected: number[] = [];
    let seq = (await audit.head()).seq;
    for (const actor of actors) {
      for (const target of targets) {
        await audit.record({ actor, action: "key.change", target });
        seq++;
        const isSitis = [siti, sitisKey].some((id) => id === actor.id || id === target.id);
        if (isSitis) expected.push(seq);
      }
    }
    const listed = async (more: object) =>
      (await audit.list({ concerns: siti, limit: 200, ...more })).map((row) => row.seq);
    expect(await listed({})).toEqual(expected.toReversed());
    expect(await listed({ afterSeq: 0 })).toEqual(expected);
    expect(await listed({ limit: 3 })).toEqual(expected.toReversed().slice(0, 3));
    expect(await listed({ beforeSeq: expected[4] })).toEqual(expected.slice(0, 4).toReversed());
    expect(await listed({ action: "key.delete" })).toEqual([]);
  });
});

test("whoever has few entries does not make the whole log be read", async () => {
  const storage = await sqlite.open();
  const plan = await planOf(concerning(storage.db, WANTED, "user_1").compile());
  const steps = plan.filter((step) => /\baudit\b/.test(step));
  expect(steps).toHaveLength(5);
  for (const step of steps) expect(step).toMatch(/^SEARCH audit USING INDEX audit_(?:actor|target) /);

  async function planOf({ sql: text, parameters }: CompiledQuery): Promise<string[]> {
    const parts = text.split("?");
    const bound = parts
      .slice(1)
      .reduce((all, part, index) => sql`${all}${parameters[index]}${sql.raw(part)}`, sql.raw(parts[0] ?? ""));
    const { rows } = await sql<{ detail: string }>`explain query plan ${bound}`.execute(storage.db);
    return rows.map(({ detail }) => detail);
  }
});
