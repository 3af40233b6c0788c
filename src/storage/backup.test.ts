import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { databasesOf } from "../../test/support/databases.ts";
import { storedPerson, usageRow } from "../../test/support/stored.ts";
import { backupSqlite } from "./backup.ts";
import { StorageError, sqliteFile } from "./sqlite.ts";
import { createAccountStore } from "./stores/accounts.ts";
import { createUsageStore } from "./stores/usage.ts";
import { createUsageWriter } from "./usage-writer/usage-writer.ts";

const databases = databasesOf("sqlite");

async function start() {
  const { dataDir } = await databases.options();
  const storage = await databases.open({ dataDir: join(dataDir, "data") });
  return { folder: dataDir, dataDir: join(dataDir, "data"), target: join(dataDir, "copy.db"), storage };
}

test("a copy put into an empty data folder is the instance as it was", async () => {
  const { folder, dataDir, target, storage } = await start();
  const userId = await storedPerson(storage, "budi@example.com");
  backupSqlite(dataDir, target);
  await storedPerson(storage, "later@example.com");
  mkdirSync(join(folder, "restored"));
  writeFileSync(sqliteFile(join(folder, "restored")), readFileSync(target));
  const restored = await databases.open({ dataDir: join(folder, "restored") });
  const people = await createAccountStore(restored.db, restored.engine).list();
  expect(people.map(({ id }) => id)).toEqual([userId]);
});

test("copies made while rows are being written each hold one moment: the sums agree with the rows", async () => {
  const { folder, dataDir, storage } = await start();
  const writer = createUsageWriter(storage);
  for (let round = 0; round < 5; round++) {
    const recorded = Array.from({ length: 200 }, () => writer.record(usageRow()));
    const target = join(folder, `copy-${round}.db`);
    await Promise.race(recorded);
    backupSqlite(dataDir, target);
    const copy = new Database(target, { readonly: true });
    const sums = copy.query(
      "select (select count(*) from usage) as rows, coalesce(sum(requests), 0) as sum from key_day",
    );
    const { rows, sum } = sums.get() as { rows: number; sum: number };
    expect(rows).toBe(sum);
    expect(rows).toBeGreaterThan(round * 200);
    copy.close();
    await Promise.all(recorded);
  }
  await writer.close();
  expect(await createUsageStore(storage.db).days("user_1", 0)).toMatchObject([{ requests: 1000 }]);
});

test("the copy is readable by its owner alone and leaves nothing beside itself", async () => {
  const { folder, dataDir, target } = await start();
  const sizeBytes = backupSqlite(dataDir, target);
  expect(statSync(target)).toMatchObject({ size: sizeBytes });
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["copy.db", "data"]);
});

test("a file that exists is never written over, the database itself included", async () => {
  const { dataDir, target } = await start();
  writeFileSync(target, "precious");
  expect(() => backupSqlite(dataDir, target)).toThrow(/copy\.db exists already/);
  expect(readFileSync(target, "utf8")).toBe("precious");
  expect(() => backupSqlite(dataDir, sqliteFile(dataDir))).toThrow(StorageError);
});

test("where there is no database, or no such folder, it says so and creates nothing", async () => {
  const { folder, dataDir, target } = await start();
  expect(() => backupSqlite(join(folder, "empty"), target)).toThrow(/nothing to copy/);
  expect(() => backupSqlite(dataDir, join(folder, "nowhere", "copy.db"))).toThrow(/nowhere does not exist/);
  expect(readdirSync(folder)).toEqual(["data"]);
});

test("a database of an older or newer release is copied as it is, so that a copy can precede an upgrade", async () => {
  const { dataDir, target, storage } = await start();
  storage.sqlite?.run("insert into schema_migration (name, timestamp) values ('9999-tomorrow', 'x')");
  backupSqlite(dataDir, target);
  const copy = new Database(target, { readonly: true });
  expect(copy.query("select name from schema_migration order by name desc limit 1").get()).toEqual({
    name: "9999-tomorrow",
  });
  copy.close();
});
