import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eachEngine } from "../../../test/support/databases.ts";
import { EnvelopeError, KeyRing, WrappingKey } from "../../kernel/envelope.ts";
import type { Db } from "../open.ts";
import type { ProviderKeyRow } from "../schema.ts";
import { createProviderKeyStore, modelsOf, NoKeyError, type ProviderKeyContent, unreadable } from "./provider-keys.ts";

const SECRET = "sk-canary-4f8a1b2c3d";
const NOW_MS = 1_764_000_000_000;
const key = (fill: number) => new WrappingKey(new Uint8Array(32).fill(fill));
const OLD = new KeyRing([key(1)]);
const BOTH = new KeyRing([key(2), key(1)]);
const NEW = new KeyRing([key(2)]);

const content: ProviderKeyContent = {
  name: "OpenAI",
  baseUrl: "https://api.openai.com/v1",
  models: ["gpt-4o"],
  shownFields: {},
  label: "sk-…2c3d",
  fields: { apiKey: SECRET },
};

async function filled(db: Db, slugs: readonly string[]) {
  const store = createProviderKeyStore(db, () => OLD);
  const rows: ProviderKeyRow[] = [];
  for (const slug of slugs) {
    const identity = { id: `pvk_${slug}`, slug, type: "openai" };
    const row = await store.add(identity, { ...content, fields: { apiKey: `${SECRET}-${slug}` } }, NOW_MS);
    if (row !== null) rows.push(row);
  }
  return { store, rows };
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof EnvelopeError ? error.kind : error;
  }
}

eachEngine((databases) => {
  test("what a provider was told comes back whole, and stands nowhere in the database", async () => {
    const storage = await databases.open();
    const { store, rows } = await filled(storage.db, ["a"]);
    const [row] = await store.list();
    expect(row).toEqual(rows[0]);
    expect(row && store.open(row)).toEqual({ apiKey: `${SECRET}-a` });
    expect(row && modelsOf(row)).toEqual(["gpt-4o"]);
    expect(JSON.stringify(rows)).not.toContain(SECRET);
    if (storage.file === null) return;
    const folder = join(storage.file, "..");
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes(SECRET)).toBe(false);
  });

  test("a slug is given once", async () => {
    const { db } = await databases.open();
    const { store } = await filled(db, ["a"]);
    expect(await store.add({ id: "pvk_2", slug: "a", type: "openai" }, content, NOW_MS)).toBeNull();
    expect(await store.list()).toHaveLength(1);
  });

  test("no column of one row opens in another row, and no row opens for another origin, slug or vendor", async () => {
    const { db } = await databases.open();
    const { store, rows } = await filled(db, ["a", "b"]);
    const [a, b] = rows;
    if (a === undefined || b === undefined) throw new Error("two rows were added");
    const { sealed, wrapped_key } = b;
    const changes: Partial<ProviderKeyRow>[] = [
      { sealed, wrapped_key },
      { sealed },
      { wrapped_key },
      { id: "pvk_other" },
      { slug: "other" },
      { type: "openrouter" },
      { base_url: "https://attacker.example.com/v1" },
      { base_url: "http://api.openai.com/v1" },
      { base_url: "https://api.openai.com:8443/v1" },
      { base_url: "no address" },
    ];
    for (const change of changes) expect(outcome(() => store.open({ ...a, ...change }))).toBe("damaged");
    expect(store.open({ ...a, base_url: "https://api.openai.com/v2" })).toEqual({ apiKey: `${SECRET}-a` });
  });

  test("two changes made from the same state cannot both be kept", async () => {
    const { db } = await databases.open();
    const { store, rows } = await filled(db, ["a"]);
    const [row] = rows;
    if (row === undefined) throw new Error("a row was added");
    const changed = await store.change(row, { ...content, name: "First", fields: { apiKey: "sk-first" } }, NOW_MS + 1);
    expect(changed).toMatchObject({ name: "First", version: 2 });
    expect(await store.change(row, { ...content, name: "Second" }, NOW_MS + 2)).toBeNull();
    expect(await store.switch(row, { isDisabled: true }, NOW_MS + 2)).toBeNull();
    const [kept] = await store.list();
    expect(kept && store.open(kept)).toEqual({ apiKey: "sk-first" });
  });

  test("weight and priority are 1 and 0 until they are said, change without the key, and leave what is sealed as it is", async () => {
    const { db } = await databases.open();
    const { rows } = await filled(db, ["a"]);
    const [row] = rows;
    if (row === undefined) throw new Error("a row was added");
    expect([row.weight, row.priority]).toEqual([1, 0]);
    const keyless = createProviderKeyStore(db, () => null);
    const changed = await keyless.switch(row, { weight: 1_000, priority: 100 }, NOW_MS + 1);
    expect(changed).toEqual({ ...row, weight: 1_000, priority: 100, version: 2, updated_at: NOW_MS + 1 });
    expect(await keyless.switch(row, { weight: 5 }, NOW_MS + 2)).toBeNull();
    const disabled = changed && (await keyless.switch(changed, { isDisabled: true }, NOW_MS + 3));
    expect(disabled).toMatchObject({ weight: 1_000, priority: 100, disabled_at: NOW_MS + 3 });
    const store = createProviderKeyStore(db, () => OLD);
    const renamed = disabled && (await store.change(disabled, { ...content, name: "New" }, NOW_MS + 4));
    expect(renamed).toMatchObject({ name: "New", weight: 1_000, priority: 100, disabled_at: NOW_MS + 3 });
    const identity = { id: "pvk_b", slug: "b", type: "openai" };
    expect(await store.add(identity, { ...content, weight: 3, priority: 2 }, NOW_MS)).toMatchObject({
      weight: 3,
      priority: 2,
    });
  });

  test("without an encryption key nothing is stored or opened, and a lost one is named as unknown", async () => {
    const { db } = await databases.open();
    const { rows } = await filled(db, ["a"]);
    const without = createProviderKeyStore(db, () => null);
    await expect(without.add({ id: "pvk_2", slug: "b", type: "openai" }, content, NOW_MS)).rejects.toBeInstanceOf(
      NoKeyError,
    );
    expect(rows[0] && outcome(() => createProviderKeyStore(db, () => NEW).open(rows[0] as ProviderKeyRow))).toBe(
      "unknown-key",
    );
    expect(unreadable(rows, null)).toHaveLength(1);
  });

  test("rotation moves every record to the new key without touching its content, twice changes nothing more", async () => {
    const { db } = await databases.open();
    const { rows } = await filled(db, ["a", "b", "c"]);
    const store = createProviderKeyStore(db, () => BOTH);
    expect(await store.rewrapAll()).toEqual({ keyId: key(2).id, total: 3, rewrapped: 3, unreadable: [] });
    const moved = await store.list();
    expect(moved.map(({ sealed, version }) => ({ sealed, version }))).toEqual(
      rows.map(({ sealed, version }) => ({ sealed, version })),
    );
    expect(await store.rewrapAll()).toMatchObject({ rewrapped: 0 });
    expect((await store.list()).map((row) => row.wrapped_key)).toEqual(moved.map((row) => row.wrapped_key));
    const after = createProviderKeyStore(db, () => NEW);
    expect(moved.map((row) => after.open(row).apiKey)).toEqual(["a", "b", "c"].map((slug) => `${SECRET}-${slug}`));
  });

  test("rotations at once, beside changes, lose nothing: each record opens with what was typed last", async () => {
    const { db } = await databases.open();
    const slugs = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const { rows } = await filled(db, slugs);
    const store = createProviderKeyStore(db, () => BOTH);
    const stale = createProviderKeyStore(db, () => OLD);
    const change = (row: ProviderKeyRow) =>
      stale.change(row, { ...content, fields: { apiKey: `typed-${row.slug}` } }, NOW_MS + 1);
    const typed = rows.filter((_, index) => index % 2 === 0);
    const [changed] = await Promise.all([Promise.all(typed.map(change)), store.rewrapAll(), store.rewrapAll()]);
    expect(changed.filter((row) => row === null)).toEqual([]);
    await store.rewrapAll();
    const after = createProviderKeyStore(db, () => NEW);
    for (const row of await after.list()) {
      const isTyped = typed.some(({ slug }) => slug === row.slug);
      expect(after.open(row).apiKey).toBe(isTyped ? `typed-${row.slug}` : `${SECRET}-${row.slug}`);
    }
  });

  test("a record that does not open is left as it is by a rotation, and named", async () => {
    const { db } = await databases.open();
    await filled(db, ["a", "b"]);
    await db.updateTable("provider_key").set({ base_url: "https://x.example.com" }).where("slug", "=", "a").execute();
    const store = createProviderKeyStore(db, () => BOTH);
    expect(await store.rewrapAll()).toEqual({ keyId: key(2).id, total: 2, rewrapped: 1, unreadable: ["a"] });
    expect(await store.discard(unreadable(await store.list(), BOTH))).toEqual(["a"]);
    expect((await store.list()).map(({ slug }) => slug)).toEqual(["b"]);
  });
});
