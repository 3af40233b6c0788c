import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { createPresetStore, MAX_PRESETS, MAX_VERSIONS } from "./presets.ts";
import { createRoutingDefaultsStore, INSTANCE_OWNER } from "./routing-defaults.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const content = (model: string) => ({ systemPrompt: `You are ${model}`, config: { model } });

eachEngine((databases) => {
  async function start() {
    const { db } = await databases.open();
    const store = createPresetStore(db);
    const make = (userId: string, slug: string, nowMs = NOW) =>
      store.create({ userId, slug, content: content("m1"), nowMs }, { name: slug, description: null });
    return { db, store, make };
  }

  test("a preset is what it was made as, and belongs to its maker alone", async () => {
    const { store, make } = await start();
    expect(await make("a", "one")).toMatchObject({ slug: "one", status: "active", designated: { number: 1 } });
    expect(await make("a", "one")).toBe("taken");
    expect(await make("b", "one")).toMatchObject({ user_id: "b" });
    expect(await store.find("a", "one")).toMatchObject({ designated: { ...content("m1"), creatorId: "a" } });
    expect(await store.find("c", "one")).toBeNull();
    expect(await store.addVersion({ userId: "c", slug: "one", content: content("x"), nowMs: NOW })).toBeNull();
    expect(await store.remove("c", "one")).toBe(false);
    expect(await store.remove("a", "one")).toBe(true);
    expect(await store.find("a", "one")).toBeNull();
    expect(await store.version("a", "one", 1)).toBeNull();
    expect(await store.find("b", "one")).not.toBeNull();
  });

  test("every change of what it says is a version, the newest counts, and an older one can be taken again", async () => {
    const { store, make } = await start();
    await make("a", "one");
    const add = (model: string) =>
      store.addVersion({ userId: "a", slug: "one", content: content(model), nowMs: NOW + 1 });
    expect(await add("m2")).toMatchObject({ designated: { number: 2, config: { model: "m2" } } });
    expect(await add("m3")).toMatchObject({ designated: { number: 3 } });
    expect(await store.change("a", "one", { designated: 1, nowMs: NOW + 2 })).toMatchObject({
      updated_at: NOW + 2,
      designated: { number: 1, config: { model: "m1" } },
    });
    expect(await store.change("a", "one", { designated: 9, nowMs: NOW })).toBeNull();
    const listed = await store.versions("a", "one", { offset: 1, limit: 1 });
    expect(listed).toMatchObject({ total: 3, versions: [{ number: 2 }] });
    expect(await store.versions("a", "none", { offset: 0, limit: 1 })).toBeNull();
    expect(await add("m4")).toMatchObject({ designated: { number: 4 } });
  });

  test("versions that are added at the same moment all get a number of their own", async () => {
    const { store, make } = await start();
    await make("a", "one");
    const added = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        store.addVersion({ userId: "a", slug: "one", content: content(`m${index}`), nowMs: NOW }),
      ),
    );
    expect(added.map((preset) => preset?.designated.number).sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await store.find("a", "one"))?.designated.number).toBe(9);
  });

  test("the newest versions are kept, and no more presets than the bound", async () => {
    const { db, store, make } = await start();
    await make("a", "one");
    const preset = await store.find("a", "one");
    const old = Array.from({ length: MAX_VERSIONS }, (_, index) => ({
      ...{ id: `v${index}`, preset_id: preset?.id ?? "", version: index + 2, creator_id: "a" },
      ...{ system_prompt: null, config: "{}", created_at: NOW },
    }));
    await db.insertInto("preset_version").values(old).execute();
    await store.addVersion({ userId: "a", slug: "one", content: content("m"), nowMs: NOW });
    const kept = await store.versions("a", "one", { offset: 0, limit: 1 });
    expect(kept).toMatchObject({ total: MAX_VERSIONS, versions: [{ number: 3 }] });
    const rows = Array.from({ length: MAX_PRESETS - 1 }, (_, index) => ({
      ...{ id: `p${index}`, user_id: "a", slug: `s${index}`, name: "x", description: null, status: "active" },
      ...{ status_updated_at: null, designated_version_id: "v0", created_at: NOW, updated_at: NOW },
    }));
    await db.insertInto("preset").values(rows).execute();
    expect(await make("a", "too-many")).toBe("full");
    expect(await make("b", "fine")).toMatchObject({ slug: "fine" });
  });

  test("pages begin with what changed last", async () => {
    const { store, make } = await start();
    for (const [index, slug] of ["one", "two", "three"].entries()) await make("a", slug, NOW + index);
    await store.change("a", "one", { status: "disabled", nowMs: NOW + 10 });
    const { presets, total } = await store.page("a", { offset: 0, limit: 2 });
    expect([total, ...presets.map(({ slug, status }) => `${slug} ${status}`)]).toEqual([
      3,
      "one disabled",
      "three active",
    ]);
  });

  test("defaults replace those before them, and every change shows in the stamp", async () => {
    const { db } = await databases.open();
    const userId = "someone";
    const store = createRoutingDefaultsStore(db);
    const before = await store.stamp();
    expect(await store.get(userId)).toEqual({});
    await store.put(userId, { provider: { zdr: true } }, NOW);
    await store.put(INSTANCE_OWNER, { provider: { ignore: ["x"] } }, NOW);
    const between = await store.stamp();
    await store.put(userId, { provider: { sort: "price" }, model: "m" }, NOW);
    expect(new Set([before, between, await store.stamp()]).size).toBe(3);
    expect(await store.get(userId)).toEqual({ provider: { sort: "price" }, model: "m" });
    const rows = await store.all();
    expect(rows.toSorted((a, b) => (a.ownerId < b.ownerId ? -1 : 1))).toEqual([
      { ownerId: INSTANCE_OWNER, wishes: { provider: { ignore: ["x"] } } },
      { ownerId: userId, wishes: { provider: { sort: "price" }, model: "m" } },
    ]);
  });
});
