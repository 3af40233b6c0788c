/** The audit log as people and programs read it: the owner everything, everybody else what concerns their own account. */
import { expect, test } from "bun:test";
import { openStorage } from "../../src/storage/open.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

interface Entry {
  seq: number;
  action: string;
  actor: { id: string | null; name: string | null };
  address: string | null;
  target: { kind: string; id: string | null; name: string | null };
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const owner = await server.visitor().join("owner@example.com");
    const member = await server.visitor().join("member@example.com");
    const list = async (who: Visitor, query = ""): Promise<Entry[]> =>
      expectStatus(await who.dashboard(`/audit${query}`), 200).body.entries;
    return { server, owner, member, list };
  }

  test("an entry says who, to what and what it was before, by the names of today", async () => {
    const { owner, list } = await begin();
    const { id } = await owner.createKey("Job");
    await owner.dashboard(`/keys/${id}`, { name: "Nightly", limitUsd: "5" }, "PATCH");
    const [entry] = await list(owner);
    expect(entry).toMatchObject({
      action: "key.change",
      actor: { kind: "person", name: "owner@example.com" },
      address: "127.0.0.1",
      target: { kind: "key", id, name: "Nightly" },
      before: { name: "Job", limitUsd: null },
      after: { name: "Nightly", limitUsd: "5" },
    });
  });

  test("everybody but the owner sees what concerns their account alone, and of others neither name nor address", async () => {
    const { server, owner, member, list } = await begin();
    const { id: memberId } = (await member.dashboard("/account")).body;
    const mine = await member.createKey("Mine");
    const foreign = await owner.createKey("The owner's");
    await owner.dashboard(`/budgets/accounts/${memberId}`, { monthly: "10" }, "PATCH");
    const seen = await list(member, "?limit=200");
    expect(seen.some(({ target }) => target.id === mine.id)).toBe(true);
    expect(seen.some(({ target }) => target.id === foreign.id)).toBe(false);
    expect(JSON.stringify(seen)).not.toContain("owner@example.com");
    const byOthers = seen.filter(({ actor }) => actor.id === null);
    expect(byOthers.length).toBeGreaterThan(0);
    expect(byOthers.every(({ address, actor }) => address === null && actor.name === null)).toBe(true);
    // Nor can an address be tried out to learn whose change it was.
    expect(await list(member, "?who=owner@example.com")).toEqual([]);
    const { secret } = await managementKey(member);
    const program = expectStatus(await server.visitor(bearer(secret)).call("/api/v1/audit?limit=200"), 200).body;
    expect([program.scope, program.entries.some(({ target }: Entry) => target.id === foreign.id)]).toEqual([
      "account",
      false,
    ]);
    const owners = await managementKey(owner);
    const all = expectStatus(await server.visitor(bearer(owners.secret)).call("/api/v1/audit?limit=200"), 200).body;
    expect([all.scope, all.entries.some(({ target }: Entry) => target.id === mine.id)]).toEqual(["instance", true]);
    expectStatus(await member.dashboard("/audit/verification"), 403);
  });

  test("filters by who, what, target and day narrow it down, and pages hold each entry once", async () => {
    const { owner, member, list } = await begin();
    const key = await member.createKey("Watched");
    await member.dashboard(`/keys/${key.id}`, undefined, "DELETE");
    const actions = (entries: Entry[]) => entries.map(({ action }) => action);
    expect(actions(await list(owner, `?target=${key.id}`))).toEqual(["key.delete", "key.create"]);
    expect(actions(await list(owner, "?who=member@example.com&action=key.create"))).toEqual(["key.create"]);
    expect(await list(owner, "?who=nobody@example.com")).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect((await list(owner, `?from=${today}&to=${today}`)).length).toBeGreaterThan(4);
    expect(await list(owner, "?to=2020-01-01")).toEqual([]);
    expectStatus(await owner.dashboard("/audit?from=yesterday"), 400);
    const whole = await list(owner, "?limit=200");
    const paged: number[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = expectStatus(
        await owner.dashboard(`/audit?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`),
        200,
      );
      paged.push(...body.entries.map(({ seq }: Entry) => seq));
      cursor = body.nextCursor;
    }
    expect(paged).toEqual(whole.map(({ seq }) => seq));
  });

  test("the table holds the same rows, oldest first, and a name that looks like a formula is none", async () => {
    const { owner, list } = await begin();
    await owner.createKey('=HYPERLINK("https://example.com")');
    const answer = expectStatus(await owner.dashboard("/audit.csv"), 200);
    expect(answer.headers.get("content-type")).toContain("text/csv");
    const lines = String(answer.body).trimEnd().split("\r\n");
    expect(lines).toHaveLength((await list(owner, "?limit=200")).length + 1);
    expect([lines[0], lines[1]?.startsWith("1,")]).toEqual([
      "row,time,actor_kind,actor,actor_name,address,action,target_kind,target,target_name,before,after",
      true,
    ]);
    expect(lines.at(-1)).toContain("\"'=HYPERLINK");
  });

  test("the check says that the log is what was written, and where it is not", async () => {
    const { server, owner } = await begin();
    const whole = expectStatus(await owner.dashboard("/audit/verification"), 200).body;
    expect(whole).toMatchObject({ ok: true, problems: [], unverifiable: 0 });
    const storage = await openStorage(server.place);
    const triggers =
      storage.engine === "sqlite" ? "drop trigger audit_no_update" : "alter table audit disable trigger all";
    const { sql } = await import("kysely");
    await sql.raw(triggers).execute(storage.db);
    await sql`update audit set address = '203.0.113.9' where seq = 2`.execute(storage.db);
    await storage.close();
    const broken = expectStatus(await owner.dashboard("/audit/verification"), 200).body;
    expect([broken.ok, broken.problems[0]]).toEqual([false, { seq: 2, problem: "changed" }]);
  });
});
