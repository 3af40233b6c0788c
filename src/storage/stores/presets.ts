/**
 * Presets: fields of a request under a name, with every version that they had.
 *
 * Invariants: a version is written once and never changed; the number of a version is one more than that of the newest;
 * a preset always has a designated version; whoever asks names the owner, and a preset of somebody else is not there.
 */
import type { Selectable } from "kysely";
import { newId } from "../../kernel/ids.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../kernel/json.ts";
import type { Db } from "../open.ts";
import type { PresetTable, PresetVersionTable } from "../schema.ts";

export const PRESET_STATUSES = ["active", "disabled", "archived"] as const;
export type PresetStatus = (typeof PRESET_STATUSES)[number];

/** How many presets one account may have. */
export const MAX_PRESETS = 500;
/** How many versions of a preset are kept; of the oldest only the designated one outlives this. */
export const MAX_VERSIONS = 200;

export interface PresetContent {
  systemPrompt: string | null;
  /** Fields of a request. */
  config: JsonObject;
}

export interface PresetVersion extends PresetContent {
  id: string;
  presetId: string;
  number: number;
  creatorId: string;
  createdAt: number;
}

export interface StoredPreset extends Omit<Selectable<PresetTable>, "status"> {
  status: PresetStatus;
}

export interface PresetWithVersion extends StoredPreset {
  designated: PresetVersion;
}

export interface Page {
  offset: number;
  limit: number;
}

export interface PresetChanges {
  name?: string | undefined;
  description?: string | null | undefined;
  status?: PresetStatus | undefined;
  /** The number of the version that the slug is to stand for. */
  designated?: number | undefined;
}

export type PresetStore = ReturnType<typeof createPresetStore>;

export function createPresetStore(db: Db) {
  return { ...reads(db), ...versions(db), ...changes(db) };
}

function reads(db: Db) {
  return {
    async find(userId: string, slug: string): Promise<PresetWithVersion | null> {
      const row = await withVersion(db, userId).where("preset.slug", "=", slug).executeTakeFirst();
      return row === undefined ? null : joined(row);
    },

    /** The one changed last comes first. */
    async page(userId: string, { offset, limit }: Page): Promise<{ presets: PresetWithVersion[]; total: number }> {
      const rows = await withVersion(db, userId)
        .orderBy("preset.updated_at", "desc")
        .orderBy("preset.id", "desc")
        .offset(offset)
        .limit(limit)
        .execute();
      return { presets: rows.map(joined), total: await countOf(db, userId) };
    },
  };
}

function versions(db: Db) {
  return {
    /** The oldest comes first. Null where there is no such preset. */
    async versions(
      userId: string,
      slug: string,
      { offset, limit }: Page,
    ): Promise<{ versions: PresetVersion[]; total: number } | null> {
      const preset = await owned(db, userId, slug).select("id").executeTakeFirst();
      if (preset === undefined) return null;
      const of = db.selectFrom("preset_version").where("preset_id", "=", preset.id);
      const rows = await of.selectAll().orderBy("version").offset(offset).limit(limit).execute();
      const { count } = await of.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
      return { versions: rows.map(versionOf), total: Number(count) };
    },

    async version(userId: string, slug: string, number: number): Promise<PresetVersion | null> {
      const row = await db
        .selectFrom("preset_version")
        .innerJoin("preset", "preset.id", "preset_version.preset_id")
        .selectAll("preset_version")
        .where("preset.user_id", "=", userId)
        .where("preset.slug", "=", slug)
        .where("preset_version.version", "=", number)
        .executeTakeFirst();
      return row === undefined ? null : versionOf(row);
    },
  };
}

/** What makes a preset, or a version of one. */
export interface PresetEntry {
  userId: string;
  slug: string;
  content: PresetContent;
  nowMs: number;
}

function changes(db: Db) {
  return {
    /** "taken" for a slug that the account has already, "full" for one preset too many. */
    create(
      { userId, slug, content, nowMs }: PresetEntry,
      { name, description }: { name: string; description: string | null },
    ): Promise<PresetWithVersion | "taken" | "full"> {
      return db.transaction().execute(async (transaction) => {
        if ((await countOf(transaction, userId)) >= MAX_PRESETS) return "full";
        const first = versionRow({ presetId: newId("preset"), userId, number: 1, content, nowMs });
        const row = {
          ...{ id: first.preset_id, user_id: userId, slug, name, description },
          ...{ status: "active", status_updated_at: null, designated_version_id: first.id },
          ...{ created_at: nowMs, updated_at: nowMs },
        };
        const stored = await transaction
          .insertInto("preset")
          .values(row)
          .onConflict((conflict) => conflict.columns(["user_id", "slug"]).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (stored === undefined) return "taken";
        await transaction.insertInto("preset_version").values(first).execute();
        return { ...presetOf(stored), designated: versionOf(first) };
      });
    },

    /** Adds a version, which becomes the designated one. Null where there is no such preset. */
    addVersion({ userId, slug, content, nowMs }: PresetEntry): Promise<PresetWithVersion | null> {
      return db.transaction().execute(async (transaction) => {
        const presetId = await locked(transaction, { userId, slug, nowMs });
        if (presetId === null) return null;
        const number = (await newestNumber(transaction, presetId)) + 1;
        const row = versionRow({ presetId, userId, number, content, nowMs });
        await transaction.insertInto("preset_version").values(row).execute();
        const change = transaction.updateTable("preset").set({ designated_version_id: row.id });
        const stored = await change.where("id", "=", presetId).returningAll().executeTakeFirstOrThrow();
        const outdated = transaction.deleteFrom("preset_version").where("preset_id", "=", presetId);
        await outdated.where("version", "<=", number - MAX_VERSIONS).execute();
        return { ...presetOf(stored), designated: versionOf(row) };
      });
    },

    /** Null where there is no such preset, or no such version of it. */
    change(
      userId: string,
      slug: string,
      { nowMs, designated, status, name, description }: PresetChanges & { nowMs: number },
    ): Promise<PresetWithVersion | null> {
      return db.transaction().execute(async (transaction) => {
        if ((await locked(transaction, { userId, slug, nowMs })) === null) return null;
        const version =
          designated === undefined ? undefined : await versions(transaction).version(userId, slug, designated);
        if (version === null) return null;
        const columns = {
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          ...(status === undefined ? {} : { status, status_updated_at: nowMs }),
          ...(version === undefined ? {} : { designated_version_id: version.id }),
        };
        const update = transaction.updateTable("preset").set({ updated_at: nowMs, ...columns });
        await update.where("user_id", "=", userId).where("slug", "=", slug).execute();
        return reads(transaction).find(userId, slug);
      });
    },

    remove(userId: string, slug: string): Promise<boolean> {
      return db.transaction().execute(async (transaction) => {
        const removed = await transaction
          .deleteFrom("preset")
          .where("user_id", "=", userId)
          .where("slug", "=", slug)
          .returning("id")
          .executeTakeFirst();
        if (removed === undefined) return false;
        await transaction.deleteFrom("preset_version").where("preset_id", "=", removed.id).execute();
        return true;
      });
    },
  };
}

/** The id of a preset that nobody else can change until the transaction ends. */
async function locked(
  transaction: Db,
  { userId, slug, nowMs }: { userId: string; slug: string; nowMs: number },
): Promise<string | null> {
  const row = await transaction
    .updateTable("preset")
    .set({ updated_at: nowMs })
    .where("user_id", "=", userId)
    .where("slug", "=", slug)
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

function owned(db: Db, userId: string, slug: string) {
  return db.selectFrom("preset").where("user_id", "=", userId).where("slug", "=", slug);
}

async function countOf(db: Db, userId: string): Promise<number> {
  const counted = db.selectFrom("preset").where("user_id", "=", userId);
  const { count } = await counted.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return Number(count);
}

async function newestNumber(db: Db, presetId: string): Promise<number> {
  const of = db.selectFrom("preset_version").where("preset_id", "=", presetId);
  const { newest } = await of.select((eb) => eb.fn.max("version").as("newest")).executeTakeFirstOrThrow();
  return Number(newest ?? 0);
}

function withVersion(db: Db, userId: string) {
  return db
    .selectFrom("preset")
    .innerJoin("preset_version", "preset_version.id", "preset.designated_version_id")
    .selectAll("preset")
    .select(["preset_id", "version", "creator_id", "system_prompt", "config"])
    .select("preset_version.created_at as version_created_at")
    .where("preset.user_id", "=", userId);
}

type Joined = Selectable<PresetTable> &
  Omit<Selectable<PresetVersionTable>, "id" | "created_at"> & { version_created_at: number };

function joined(row: Joined): PresetWithVersion {
  const { preset_id, version, creator_id, system_prompt, config, version_created_at: created_at, ...preset } = row;
  const id = row.designated_version_id;
  const designated = versionOf({ id, preset_id, version, creator_id, system_prompt, config, created_at });
  return { ...presetOf(preset), designated };
}

function presetOf(row: Selectable<PresetTable>): StoredPreset {
  return { ...row, status: PRESET_STATUSES.find((status) => status === row.status) ?? "disabled" };
}

function versionOf(row: Selectable<PresetVersionTable>): PresetVersion {
  const config = parseJson(row.config);
  return {
    id: row.id,
    presetId: row.preset_id,
    number: row.version,
    creatorId: row.creator_id,
    systemPrompt: row.system_prompt,
    config: config.ok && isJsonObject(config.value) ? config.value : {},
    createdAt: row.created_at,
  };
}

function versionRow(made: {
  presetId: string;
  userId: string;
  number: number;
  content: PresetContent;
  nowMs: number;
}): Selectable<PresetVersionTable> {
  return {
    id: newId("presetv"),
    preset_id: made.presetId,
    version: made.number,
    creator_id: made.userId,
    system_prompt: made.content.systemPrompt,
    config: JSON.stringify(made.content.config),
    created_at: made.nowMs,
  };
}
