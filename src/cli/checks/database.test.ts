import { describe, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { databasesOf, eachEngine } from "../../../test/support/databases.ts";
import { until } from "../../../test/support/visitor.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { openStorage, type StorageOptions } from "../../storage/open.ts";
import { claimDataDir } from "../../storage/sqlite.ts";
import { checkDatabase } from "./database.ts";

function configOf({ dataDir, databaseUrl }: StorageOptions): Config {
  const env = { DATA_DIR: dataDir, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
  const loaded = loadConfig({ env, flags: {}, cwd: dataDir, readFile: () => undefined });
  if (!loaded.ok) throw new Error("the configuration of the test is wrong");
  return loaded.config;
}

eachEngine((databases) => {
  test("an up-to-date database is fine", async () => {
    const options = await databases.options();
    await (await openStorage(options)).close();
    // PostgreSQL may count for a moment who has just left.
    const { findings } = await until(async () => {
      const looked = await checkDatabase(configOf(options));
      return looked.isRunning ? null : looked;
    });
    expect(findings).toMatchObject([{ state: "ok", text: expect.stringMatching(/schema up to date$/) }]);
  });

  test("an empty place is fine and stays empty", async () => {
    const options = await databases.options();
    const looked = await checkDatabase(configOf(options));
    expect(looked).toMatchObject({
      isRunning: false,
      findings: [{ state: "ok", text: expect.stringContaining("the first start") }],
    });
    expect(await checkDatabase(configOf(options))).toEqual(looked);
    expect(readdirSync(options.dataDir)).toEqual([]);
  });

  test("a database of a newer release fails with what to start instead", async () => {
    const options = await databases.options();
    const storage = await openStorage(options);
    await sql`insert into schema_migration (name, timestamp) values ('9999-tomorrow', 'x')`.execute(storage.db);
    await storage.close();
    const { findings } = await checkDatabase(configOf(options));
    // A server that has just left may still count as one that is connected, which is said beside it.
    const failed = findings.filter(({ state }) => state === "fail");
    expect(failed).toMatchObject([{ state: "fail", text: expect.stringContaining("newer Gapura") }]);
    expect(findings[0]?.fix).toContain("Start that version");
  });
});

describe("SQLite", () => {
  const databases = databasesOf("sqlite");

  test("a running instance is seen, and a stopped one is not", async () => {
    const options = await databases.options();
    const claim = claimDataDir(options.dataDir);
    await (await openStorage(options)).close();
    const { isRunning, findings } = await checkDatabase(configOf(options));
    claim.release();
    expect(isRunning).toBe(true);
    expect(findings.at(-1)?.text).toBe(`in use by a running instance (process ${process.pid})`);
    expect((await checkDatabase(configOf(options))).isRunning).toBe(false);
  });

  test("a file that is no database fails with the way to restore", async () => {
    const options = await databases.options();
    writeFileSync(join(options.dataDir, "gapura.db"), "no database at all ".repeat(300));
    const { findings } = await checkDatabase(configOf(options));
    expect(findings).toMatchObject([{ state: "fail", fix: expect.stringContaining("gapura backup") }]);
  });
});

describe("PostgreSQL", () => {
  const databases = databasesOf("postgres");

  test("a running instance is seen by its connections", async () => {
    const options = await databases.options();
    await (await databases.open(options)).ping();
    expect((await checkDatabase(configOf(options))).isRunning).toBe(true);
  });

  test("a database that does not exist fails, named without the password", async () => {
    const options = await databases.options();
    const url = new URL(options.databaseUrl ?? "");
    url.pathname = "/nowhere";
    url.password = "canary-password";
    const { findings } = await checkDatabase(configOf({ ...options, databaseUrl: url.href }));
    expect(findings).toMatchObject([{ state: "fail", text: expect.stringContaining("no such database") }]);
    expect(JSON.stringify(findings)).not.toContain("canary");
  });
});
