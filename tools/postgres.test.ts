import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { accountIn, findPostgres, newestFirst, PostgresError, startPostgres } from "./postgres.ts";

const ourFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("gapura-postgres-"));

/** The folder of a running server's data, from the server itself. */
async function dataFolder(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>("show data_directory");
  await client.end();
  return rows[0]?.data_directory ?? "";
}

test("the newest version of the installed ones is taken, by number and not by letters", () => {
  expect(newestFirst(["9.6", "15", "common", "16", "13"])).toEqual(["16", "15", "13", "9.6"]);
});

test("root becomes postgres where there is such a user, else nobody", () => {
  const passwd = "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65533:n:/:/bin/false\n";
  expect(accountIn(passwd)).toEqual({ uid: 65534, gid: 65533 });
  expect(accountIn(`${passwd}postgres:x:101:104::/var/lib/postgresql:/bin/bash\n`)).toEqual({ uid: 101, gid: 104 });
  expect(accountIn("notnobody:x:5:5::/:/bin/sh\n")).toBeNull();
});

test("a started server answers, and stopping it leaves neither process nor folder", async () => {
  const binaries = findPostgres() ?? "";
  const server = await startPostgres(binaries);
  const folder = await dataFolder(server.url);
  const pid = Number.parseInt(readFileSync(join(folder, "postmaster.pid"), "utf8"), 10);
  expect(() => process.kill(pid, 0)).not.toThrow();
  await server.stop();
  expect(() => process.kill(pid, 0)).toThrow();
  expect(existsSync(dirname(folder))).toBe(false);
});

test("programs that cannot make a server are reported with what they said, and leave no folder", async () => {
  const before = ourFolders();
  await expect(startPostgres("/nonexistent")).rejects.toThrow(PostgresError);
  expect(ourFolders()).toEqual(before);
});
