import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Databases, eachEngine } from "../../../test/support/databases.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { Secret } from "../../kernel/secret.ts";
import { backupBeside } from "../../storage/backup-beside.ts";
import { inspectSqlite } from "../../storage/inspect.ts";
import { createAccountStore } from "../../storage/stores/accounts.ts";
import { createAuditStore } from "../../storage/stores/audit.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { createTeamStore } from "../../storage/stores/teams.ts";
import { backupHandlers, pruneCopies } from "./backup-handlers.ts";
import { peopleHandlers } from "./people-handlers.ts";
import { systemHandlers } from "./system-handlers.ts";

const NOW = Date.UTC(2027, 2, 8, 12);
const clock = { nowMs: () => NOW, monotonicMs: () => 0 };
const visitor = { ipAddress: "127.0.0.1", userAgent: null, requestId: "req_1", isLocal: true, locale: "en" as const };
const owner = {
  ...{ userId: "u_owner", sessionId: "s_1", name: "Siti", email: "siti@example.com", role: "owner" as const },
  ...{ locale: null, createdAt: NOW, accountId: "u_owner", teamRole: "owner" as const, onlyBy: null },
};
const input = {
  ...{ account: owner, visitor, key: null, body: undefined, query: undefined, params: undefined },
  request: new Request("http://localhost:8787/"),
};
const everybody = { state: "all" as const, limit: 50 };

async function setup(databases: Databases) {
  const place = await databases.migrated();
  const storage = await databases.open(place);
  const { db, engine } = storage;
  const accounts = createAccountStore(db, engine);
  for (const name of ["owner", "budi", "cici"])
    await accounts.createWithoutPassword({ id: `u_${name}`, name, email: `${name}@example.com` }, NOW);
  await accounts.claimOwnership("u_owner");
  const audit = createAuditStore(db, { secret: new Secret("s".repeat(48)), clock });
  const changed: string[] = [];
  const people = peopleHandlers({ db, audit, accounts, clock, onKeyChanged: ({ id }) => void changed.push(id) });
  const recorded = async () => (await audit.list({ limit: 10 })).map(({ action }) => action);
  return { ...place, db, engine, audit, people, changed, recorded };
}

const codeOf = (error: { code?: string }) => error.code;

eachEngine((databases) => {
  test("a suspension ends sessions, reaches the keys, is recorded once, and is lifted the same way", async () => {
    const { db, engine, people, changed, recorded } = await setup(databases);
    const keys = createKeyStore(db);
    const key = createApiKey("inference");
    const { hash, publicId } = key;
    await keys.create(key, { userId: "u_budi", name: "Bot", expiresAt: null }, NOW);
    const at = engine === "postgres" ? new Date(NOW) : new Date(NOW).toISOString();
    const session = { id: "s_2", token: "t", user_id: "u_budi", expires_at: at, created_at: at, updated_at: at };
    const rest = { ip_address: null, user_agent: null, proven_at: null, signed_in_with: null };
    await db
      .insertInto("session")
      .values({ ...session, ...rest })
      .execute();
    const device = { user_id: "u_budi", hash: "device", created_at: 0, last_seen_at: NOW - 5, trusted_until: null };
    await db.insertInto("known_device").values(device).execute();
    const listed = async (state: "suspended" | "active") =>
      (await people.listPeople({ ...input, query: { ...everybody, state } })).body.people;
    expect(await listed("active")).toContainEqual(
      expect.objectContaining({ email: "budi@example.com", keys: 1, lastActiveAt: NOW, monthUsd: "0", joinedAt: NOW }),
    );
    const params = { id: "u_budi" };
    await people.suspendPerson({ ...input, params });
    await people.suspendPerson({ ...input, params });
    expect(changed).toEqual([publicId]);
    expect((await keys.findByHash(hash))?.ownerActive).toBe(false);
    expect(await listed("suspended")).toMatchObject([{ id: "u_budi", suspendedAt: NOW, lastActiveAt: NOW - 5 }]);
    await people.readmitPerson({ ...input, params });
    expect((await keys.findByHash(hash))?.ownerActive).toBe(true);
    expect(await recorded()).toEqual(["account.readmit", "account.suspend"]);
  });

  test("whoever owns the instance cannot be suspended, and nobody unknown can", async () => {
    const { people, recorded } = await setup(databases);
    const suspend = (id: string) => people.suspendPerson({ ...input, params: { id } }).catch(codeOf);
    expect([await suspend("u_owner"), await suspend("u_none")] as unknown[]).toEqual([
      "conflict",
      "resource_not_found",
    ]);
    expect(await recorded()).toEqual([]);
  });

  test("a team that is suspended comes back, and one that was deleted does not", async () => {
    const { db, engine, people, recorded } = await setup(databases);
    const teams = createTeamStore(db, engine);
    const params = { id: await teams.create({ name: "Tim", owner: "u_budi" }, NOW) };
    await people.suspendPerson({ ...input, params });
    expect(await teams.teamsOf("u_budi")).toEqual([]);
    await people.readmitPerson({ ...input, params });
    expect(await teams.teamsOf("u_budi")).toHaveLength(1);
    await teams.close(params.id, NOW);
    expect(await people.readmitPerson({ ...input, params }).catch(codeOf)).toBe("conflict" as never);
    expect(await recorded()).toEqual(["account.readmit", "account.suspend"]);
  });

  test("people come page by page in the order of their addresses, and are found by name and address", async () => {
    const { people } = await setup(databases);
    const page = async (query: object) =>
      (await people.listPeople({ ...input, query: { ...everybody, ...query } })).body;
    const first = await page({ limit: 2 });
    expect([first.people.map(({ name }) => name), first.total]).toEqual([["budi", "cici"], 3]);
    const rest = await page({ limit: 2, cursor: first.nextCursor });
    expect([rest.people.map(({ name }) => name), rest.nextCursor]).toEqual([["owner"], null]);
    expect((await page({ q: "CICI@" })).people).toMatchObject([
      { name: "cici", role: "member", kind: "person", isVerified: true },
    ]);
    expect((await page({ state: "unverified" })).total).toBe(0);
  });

  test("a copy is whole, is recorded, can be had once and by no look at its head, and with PostgreSQL the command is named instead", async () => {
    const { dataDir, audit, recorded } = await setup(databases);
    const isEmbedded = databases.engine === "sqlite";
    const copy = isEmbedded ? (target: string) => backupBeside({ dataDir, target }) : null;
    const backups = backupHandlers({ dataDir, copy, audit, clock });
    if (!isEmbedded) {
      const refused = await backups.createBackup(input).catch(({ message }) => message);
      expect(refused).toContain("pg_dump --format=custom");
      return;
    }
    const folder = join(dataDir, "downloads");
    const { id, sizeBytes } = (await backups.createBackup(input)).body;
    expect(await recorded()).toEqual(["backup.create"]);
    const head = await backups.downloadBackup({
      ...{ ...input, params: { id } },
      request: new Request(input.request, { method: "HEAD" }),
    });
    expect([head.answered?.body, readdirSync(folder).length] as unknown[]).toEqual([null, 1]);
    const { answered } = await backups.downloadBackup({ ...input, params: { id } });
    const bytes = await answered?.arrayBuffer();
    expect([bytes?.byteLength, answered?.headers.get("content-length")]).toEqual([sizeBytes, String(sizeBytes)]);
    const target = join(dataDir, "copy.db");
    writeFileSync(target, Buffer.from(bytes ?? new ArrayBuffer(0)));
    expect(await inspectSqlite(target)).toMatchObject({ damage: [], schema: { pending: [] } });
    const again = await backups.downloadBackup({ ...input, params: { id } }).catch(codeOf);
    expect([again as unknown, readdirSync(folder)]).toEqual(["resource_not_found", []]);
  });
});

test("what nobody fetched within an hour is dropped, and one copy is made at a time", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const dataDir = mkdtempSync(join(tmpdir(), "gapura-copies-"));
  const backups = backupHandlers({ dataDir, copy: () => promise, audit: { record: async () => {} }, clock });
  const first = backups.createBackup(input);
  expect(await backups.createBackup(input).catch(codeOf)).toBe("copy_failed" as never);
  resolve(1);
  await first;
  const old = join(dataDir, "downloads", "old.db");
  writeFileSync(old, "");
  utimesSync(old, NOW / 1_000 - 3_601, NOW / 1_000 - 3_601);
  pruneCopies(dataDir, NOW);
  expect(existsSync(old)).toBe(false);
  rmSync(dataDir, { recursive: true });
});

test("providers that are off on purpose are not failing", async () => {
  const provider = { slug: "a", name: "A", source: "file" as const, baseUrl: null, models: null, note: null };
  const states = ["ready", "checking", "unreachable", "refused", "disabled", "locked", "hidden"] as const;
  const { getSystem } = systemHandlers({
    ...{
      version: "1.2.3",
      startedAtMs: NOW,
      process: { number: 1, of: 1 },
      jobs: async () => [],
      disk: async () => null,
    },
    database: async () => ({ engine: "sqlite", version: "3", sizeBytes: 1 }),
    providers: () => states.map((state) => ({ ...provider, state })),
    usageTrouble: () => "full",
    configuration: { file: null, settings: [] },
  });
  const { body } = await getSystem(input);
  expect(body.failingProviders.map(({ state }) => state)).toEqual(["unreachable", "refused", "locked"]);
  expect(body).toMatchObject({ usageTrouble: "full", version: "1.2.3", startedAt: NOW });
});
