/** Changing the encryption key beside a running server, and losing it: with the real command line. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyRingSource } from "../../src/config/encryption-keys.ts";
import { KeyRing, newWrappingKeyText, wrappingKeyFrom } from "../../src/kernel/envelope.ts";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { createProviderKeyStore } from "../../src/storage/stores/provider-keys.ts";
import { databasesOf, eachEngine } from "../support/databases.ts";
import { runGapura } from "../support/process.ts";
import { startServer } from "../support/server.ts";
import { startUpstream } from "../support/upstream.ts";
import { until } from "../support/visitor.ts";

const SECRET = "sk-canary-77aa88bb99cc";
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gapura-vault-"));
  folders.push(folder);
  return folder;
}

function ringOf(...texts: string[]): KeyRing {
  const [first, ...rest] = texts.flatMap((text) => wrappingKeyFrom(text) ?? []);
  if (first === undefined) throw new Error("no key was given");
  return new KeyRing([first, ...rest]);
}

async function fill(place: StorageOptions, ring: KeyRing, count: number): Promise<void> {
  const storage = await openStorage(place);
  const store = createProviderKeyStore(storage.db, () => ring);
  for (let index = 0; index < count; index++) {
    const content = { name: "Lab", baseUrl: "https://llm.example.com/v1", models: null, shownFields: {}, label: "…" };
    const identity = { id: `pvk_${String(index).padStart(5, "0")}`, slug: `lab-${index}`, type: "openai-compatible" };
    await store.add(identity, { ...content, fields: { apiKey: `${SECRET}-${index}` } }, index);
  }
  await storage.close();
}

/** Every key that opens, in the order of the records, and with how many encryption keys they are wrapped. */
async function opened(
  place: StorageOptions,
  ring: KeyRing,
): Promise<{ keys: (string | undefined)[]; kekIds: string[] }> {
  const storage = await openStorage(place);
  const store = createProviderKeyStore(storage.db, () => ring);
  const rows = await store.list();
  const keys = rows.map((row) => store.open(row).apiKey);
  await storage.close();
  return { keys, kekIds: [...new Set(rows.map(({ kek_id }) => kek_id))] };
}

const expected = (count: number) => Array.from({ length: count }, (_, index) => `${SECRET}-${index}`);

eachEngine((databases) => {
  test("a rotation that is killed half-way leaves every record openable, and the next one finishes it", async () => {
    const COUNT = 400;
    const place = await databases.options();
    const [oldKey, newKey] = [newWrappingKeyText(), newWrappingKeyText()];
    await fill(place, ringOf(oldKey), COUNT);
    const env = {
      ENCRYPTION_KEYS: `${newKey},${oldKey}`,
      DATA_DIR: place.dataDir,
      ...(place.databaseUrl === undefined ? {} : { DATABASE_URL: place.databaseUrl }),
    };
    const main = join(import.meta.dir, "..", "..", "src/cli/main.ts");
    const child = Bun.spawn([process.execPath, main, "vault", "rotate"], {
      cwd: newFolder(),
      stdout: "ignore",
      stderr: "ignore",
      env: { PATH: process.env.PATH ?? "", ...env },
    });
    const storage = await openStorage(place);
    const moved = async () => {
      const rows = await storage.db.selectFrom("provider_key").select("kek_id").execute();
      return rows.filter(({ kek_id }) => kek_id === ringOf(newKey).currentId).length;
    };
    await until(async () => (await moved()) > 0);
    child.kill("SIGKILL");
    await child.exited;
    const movedAtTheEnd = await moved();
    await storage.close();
    const half = await opened(place, ringOf(newKey, oldKey));
    expect(half.keys).toEqual(expected(COUNT));
    // It was killed in the middle, or this test says nothing.
    expect([movedAtTheEnd > 0, movedAtTheEnd < COUNT]).toEqual([true, true]);

    const { code, out } = await runGapura(["vault", "rotate", "--json"], { cwd: newFolder(), env });
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { keyId: ringOf(newKey).currentId, total: COUNT, rewrapped: COUNT - movedAtTheEnd, unreadable: [] },
    ]);
    expect((await opened(place, ringOf(newKey))).keys).toEqual(expected(COUNT));
  });
});

const embedded = databasesOf("sqlite");

test("with the key file, a rotation beside a running server makes a new key, and the server goes on sealing and opening", async () => {
  const upstream = startUpstream(["m"], SECRET);
  const place = await embedded.options();
  const server = await startServer({ ALLOW_PRIVATE_UPSTREAM: upstream.host }, place);
  embedded.afterwards(() => upstream.stop());
  const owner = await server.visitor().join("siti@example.com");
  const lab = (slug: string) => ({
    type: "openai-compatible",
    slug,
    fields: { baseUrl: upstream.url, apiKey: SECRET },
  });
  const first = (await owner.dashboard("/providers/keys", lab("one"))).body;
  const config = { dataDir: place.dataDir, databaseUrl: null, encryptionKeys: null };
  const before = keyRingSource(config)()?.currentId;
  const rotated = await runGapura(["vault", "rotate", "--json"], {
    cwd: place.dataDir,
    env: { DATA_DIR: place.dataDir },
  });
  const report = JSON.parse(rotated.out);
  expect([report.total, report.rewrapped, report.keyId === before]).toEqual([1, 1, false]);
  expect((await owner.dashboard("/providers/test", { id: first.id })).body).toMatchObject({ result: "works" });
  expect((await owner.dashboard("/providers/keys", lab("two"))).status).toBe(201);
  await server.stop();
  const ring = keyRingSource(config)();
  expect(ring?.keys.map(({ id }) => id)).toEqual([report.keyId, before ?? ""]);
  const { keys, kekIds } = await opened(place, ring ?? ringOf());
  expect([keys, kekIds]).toEqual([[SECRET, SECRET], [report.keyId]]);
});

test("doctor and backup know the encryption key; the copy of the database holds none; without it nothing is removed unasked", async () => {
  const folder = newFolder();
  const place = { dataDir: join(folder, "data") };
  const run = (...args: string[]) =>
    runGapura([...args, "--data-dir", place.dataDir], { cwd: folder, env: { LOCAL_PROVIDERS: "off" } });
  await run("keys", "create", "x", "--name", "Budi", "--email", "budi@example.com");
  expect((await run("vault", "rotate")).code).toBe(0);
  const ring = keyRingSource({ dataDir: place.dataDir, databaseUrl: null, encryptionKeys: null });
  await fill(place, ring() ?? ringOf(), 2);
  const whole = (await run("doctor")).out;
  expect(whole).toMatch(/ok {4}encryption: .*encryption\.keys, key [0-9a-f]{12}, opens all of 2 provider keys/);
  const backup = await run("backup", join(folder, "copy.db"));
  expect(backup.error).toContain("encryption.keys");
  const keyText = readFileSync(join(place.dataDir, "encryption.keys"), "utf8").trim().split("\n").at(-1) ?? "none";
  for (const file of [
    join(folder, "copy.db"),
    ...readdirSync(place.dataDir).map((name) => join(place.dataDir, name)),
  ]) {
    const bytes = readFileSync(file);
    expect([file, bytes.includes(SECRET)]).toEqual([file, false]);
    if (!file.endsWith("encryption.keys")) expect([file, bytes.includes(keyText)]).toEqual([file, false]);
  }

  renameSync(join(place.dataDir, "encryption.keys"), join(folder, "kept"));
  const lost = await run("doctor", "--json");
  const findings = JSON.parse(lost.out).findings.filter(({ area }: { area: string }) => area === "encryption");
  expect([lost.code, findings[0].state]).toEqual([1, "fail"]);
  const rotated = await run("vault", "rotate");
  expect([rotated.code, rotated.error.includes("Put back")]).toEqual([1, true]);
  const unasked = await run("vault", "discard");
  expect([unasked.code, unasked.error.includes("--yes")]).toEqual([2, true]);
  renameSync(join(folder, "kept"), join(place.dataDir, "encryption.keys"));
  expect((await run("vault", "discard", "--yes")).out).toContain("nothing was removed");
  expect((await opened(place, ring() ?? ringOf())).keys).toEqual(expected(2));
  rmSync(join(place.dataDir, "encryption.keys"));
  expect((await run("vault", "discard", "--yes", "--json")).out.trim()).toBe('{"discarded":["lab-0","lab-1"]}');
});
