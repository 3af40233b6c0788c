/** What is refused at a start, and that refusing changes nothing. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { databasesOf, eachEngine } from "../../test/support/databases.ts";
import { usageRow } from "../../test/support/stored.ts";
import { schemaState } from "./migrations/migrate.ts";
import { openStorage } from "./open.ts";
import { claimDataDir, dataDirClaim, StorageError, sqliteFile } from "./sqlite.ts";
import { createUsageWriter } from "./usage-writer/usage-writer.ts";

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return (error as StorageError).message;
}

eachEngine((databases) => {
  test("opening again changes nothing, and says that nothing is pending", async () => {
    const options = await databases.options();
    const first = await databases.open(options);
    const applied = await sql`select * from schema_migration`.execute(first.db);
    const second = await databases.open(options);
    expect((await sql`select * from schema_migration`.execute(second.db)).rows).toEqual(applied.rows);
    expect(await schemaState(second.db, second.engine)).toMatchObject({ pending: [], newer: [], foreignTables: [] });
  });

  test("of several processes that open a fresh database at once, all get the same complete schema", async () => {
    const options = await databases.options();
    const program = `const { openStorage } = await import(${JSON.stringify(join(import.meta.dir, "open.ts"))});
      const storage = await openStorage(JSON.parse(process.argv[1]));
      const rows = await storage.db.selectFrom("api_key").selectAll().execute();
      await storage.close();
      console.log(rows.length);`;
    const processes = Array.from({ length: 4 }, () =>
      Bun.spawn([process.execPath, "-e", program, JSON.stringify(options)], { stdout: "pipe", stderr: "pipe" }),
    );
    const said = await Promise.all(processes.map((child) => child.stdout.text()));
    const errors = await Promise.all(processes.map((child) => child.stderr.text()));
    expect({ said, errors }).toEqual({ said: Array.from(said, () => "0\n"), errors: Array.from(said, () => "") });
    const { db } = await databases.open(options);
    expect(await schemaState(db, databases.engine)).toMatchObject({ pending: [] });
  });

  test("a database that a newer release has migrated is refused, with what to do, and left as it is", async () => {
    const options = await databases.options();
    const storage = await databases.open(options);
    await sql`insert into schema_migration (name, timestamp) values ('9999-tomorrow', 'x')`.execute(storage.db);
    const refusal = await refusalOf(openStorage(options));
    expect(refusal).toContain("newer Gapura");
    expect(refusal).toContain("9999-tomorrow");
    expect(refusal).toContain("Start that version");
    expect((await schemaState(storage.db, storage.engine)).newer).toEqual(["9999-tomorrow"]);
  });

  test("a migration that fails half-way leaves the database as it was, and the next start can do it", async () => {
    const options = await databases.options();
    const storage = await databases.open(options);
    await sql`delete from schema_migration`.execute(storage.db);
    await sql`drop table "user" ${sql.raw(databases.engine === "postgres" ? "cascade" : "")}`.execute(storage.db);
    // Its first table can be made now, a later one is in the way.
    expect(await refusalOf(openStorage(options))).toContain("left as it was");
    await expect(sql`select 1 from "user"`.execute(storage.db)).rejects.toThrow();
  });
});

describe("PostgreSQL", () => {
  const databases = databasesOf("postgres");

  test("a database with the tables of another application is refused, and nothing is added to it", async () => {
    const options = await databases.options();
    const { SQL } = await import("bun");
    const client = new SQL(options.databaseUrl ?? "", { max: 1 });
    await client`create table orders (id integer)`;
    expect(await refusalOf(openStorage(options))).toContain("another application (orders)");
    const tables = await client`select count(*)::int as count from pg_tables where schemaname = 'public'`;
    expect(tables[0].count).toBe(1);
    await client.close();
  });
});

describe("SQLite", () => {
  const databases = databasesOf("sqlite");

  test("the data folder and its database are readable by their owner alone", async () => {
    const { dataDir } = await databases.options();
    const options = { dataDir: join(dataDir, "data") };
    await databases.open(options);
    expect(statSync(options.dataDir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(options.dataDir)) {
      expect([name, statSync(join(options.dataDir, name)).mode & 0o077]).toEqual([name, 0]);
    }
  });

  test("a file that is another application's database is refused, and not one byte of it changes", async () => {
    const options = await databases.options();
    const file = sqliteFile(options.dataDir);
    const other = new Database(file);
    other.run("create table photos (id integer)");
    other.close();
    const before = readFileSync(file);
    expect(await refusalOf(openStorage(options))).toContain("another application (photos)");
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(options.dataDir)).toEqual(["gapura.db"]);
  });

  test("a file that is no database is refused, and not one byte of it changes", async () => {
    const options = await databases.options();
    const file = sqliteFile(options.dataDir);
    writeFileSync(file, "Dear diary, this is a letter and no database. ".repeat(100));
    const refusal = await refusalOf(openStorage(options));
    expect(refusal).toContain(file);
    expect(refusal).toContain("gapura backup");
    expect(readFileSync(file, "utf8").startsWith("Dear diary")).toBe(true);
  });

  test("a damaged database is refused before anything is written to it", async () => {
    const options = await databases.options();
    const storage = await openStorage(options);
    const writer = createUsageWriter(storage);
    await Promise.all(Array.from({ length: 500 }, () => writer.record(usageRow())));
    await writer.close();
    await storage.close();
    const file = sqliteFile(options.dataDir);
    const pageBytes = 4096;
    const handle = openSync(file, "r+");
    for (let page = 20; page < statSync(file).size / pageBytes; page += 3) {
      writeSync(handle, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, page * pageBytes);
    }
    closeSync(handle);
    const refusal = await refusalOf(openStorage(options));
    expect(refusal).toContain(file);
    expect(refusal).toContain("gapura backup");
  });

  test("a data folder that cannot be made is refused with its name", async () => {
    const { dataDir } = await databases.options();
    writeFileSync(join(dataDir, "file"), "");
    const refusal = await refusalOf(openStorage({ dataDir: join(dataDir, "file", "data") }));
    expect(refusal).toContain(join(dataDir, "file", "data"));
  });
});

describe("the data folder", () => {
  const databases = databasesOf("sqlite");

  /** A process of its own that claims the folder and keeps it until it is killed. */
  async function otherInstance(dataDir: string) {
    const program = `const { claimDataDir } = await import(${JSON.stringify(join(import.meta.dir, "sqlite.ts"))});
      try { claimDataDir(process.argv[1]); console.log("claimed"); await new Promise(() => setInterval(() => {}, 1e6)); }
      catch (error) { console.log(error.message); }`;
    const child = Bun.spawn([process.execPath, "-e", program, dataDir], { stdout: "pipe", stderr: "inherit" });
    const reader = child.stdout.getReader();
    const said = new TextDecoder().decode((await reader.read()).value).trim();
    return { child, said };
  }

  test("a second instance is refused while the first lives, and admitted once the first is dead, however it died", async () => {
    const { dataDir } = await databases.options();
    const first = await otherInstance(dataDir);
    expect(first.said).toBe("claimed");
    expect(dataDirClaim(dataDir)).toEqual({ isClaimed: true, pid: first.child.pid });
    const second = await otherInstance(dataDir);
    expect(second.said).toContain("Another Gapura already uses the data folder");
    expect(second.said).toContain("DATA_DIR");
    await second.child.exited;
    first.child.kill("SIGKILL");
    await first.child.exited;
    expect(dataDirClaim(dataDir)).toEqual({ isClaimed: false, pid: null });
    claimDataDir(dataDir).release();
  });

  test("looking whether a folder is claimed creates nothing and keeps nobody out", async () => {
    const { dataDir } = await databases.options();
    expect(dataDirClaim(dataDir)).toEqual({ isClaimed: false, pid: null });
    expect(dataDirClaim(join(dataDir, "nowhere"))).toEqual({ isClaimed: false, pid: null });
    expect(readdirSync(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, "nowhere"))).toBe(false);
    claimDataDir(dataDir).release();
    expect(dataDirClaim(dataDir).isClaimed).toBe(false);
    const claim = claimDataDir(dataDir);
    expect(() => claimDataDir(dataDir)).toThrow(StorageError);
    claim.release();
  });

  test("a folder that cannot be used is not called another instance's", async () => {
    const { dataDir } = await databases.options();
    mkdirSync(join(dataDir, "instance.lock"));
    expect(() => claimDataDir(dataDir)).toThrow(/instance\.lock/);
    expect(() => claimDataDir(dataDir)).not.toThrow(/Another Gapura/);
  });
});
