/**
 * Providers connected in the dashboard. What they were told (keys, and the fields beside them) is sealed under envelope
 * encryption, bound to the row, its slug and vendor, and the origin of its address.
 *
 * Invariants: no plain text of a secret reaches the database; a change names the version that it was made from, so that
 * two changes at once cannot mix; rewrapping changes only the wrapped key, row by row, each in one statement that names
 * the wrapped key it replaces, so that it may stop anywhere and run twice at once.
 * Failure modes: `EnvelopeError` for a record that does not open; `NoKeyError` where the instance has no encryption key.
 */
import { EnvelopeError, type KeyRing, type Sealed } from "../../kernel/envelope.ts";
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { Db } from "../open.ts";
import type { ProviderKeyRow } from "../schema.ts";

/** What a provider was told, by the names of its vendor's fields, without the address. */
export type SecretFields = Readonly<Record<string, string>>;

export interface ProviderKeyIdentity {
  id: string;
  slug: string;
  type: string;
}

/** What can be changed about a stored provider; everything but `fields` may be shown. */
export interface ProviderKeyContent {
  name: string;
  baseUrl: string;
  /** Null means: ask the provider. */
  models: readonly string[] | null;
  shownFields: Readonly<Record<string, string>>;
  label: string;
  fields: SecretFields;
}

/** Its share of the requests, and who goes before it. */
export interface ProviderTurn {
  weight: number;
  priority: number;
}

/** What can be changed without the key being needed. */
export type ProviderKeySwitches = Partial<ProviderTurn & { isDisabled: boolean }>;

/** The instance has no key-encryption key. */
export class NoKeyError extends Error {
  override readonly name = "NoKeyError";
}

export interface RewrapReport {
  /** The key that everything is wrapped with afterwards, but for `unreadable`. */
  keyId: string;
  total: number;
  rewrapped: number;
  /** Slugs of records that no known key opens; they are left as they were. */
  unreadable: string[];
}

export type ProviderKeyStore = ReturnType<typeof createProviderKeyStore>;

/** `ring` gives the keys known at this moment; it is asked each time, because keys may be added while this runs. */
export function createProviderKeyStore(db: Db, ring: () => KeyRing | null) {
  return { ...reads(db), open: opener(ring), ...changes(db, ring), ...upkeep(db, ring) };
}

function reads(db: Db) {
  return {
    /** In the order in which they were made. */
    list(): Promise<ProviderKeyRow[]> {
      return db.selectFrom("provider_key").selectAll().orderBy("created_at").orderBy("id").execute();
    },

    async get(id: string): Promise<ProviderKeyRow | null> {
      return (await db.selectFrom("provider_key").selectAll().where("id", "=", id).executeTakeFirst()) ?? null;
    },

    /** Whether anything has changed, for a look every second. Rewrapping is no change. */
    versions(): Promise<Pick<ProviderKeyRow, "id" | "version">[]> {
      return db.selectFrom("provider_key").select(["id", "version"]).orderBy("created_at").orderBy("id").execute();
    },
  };
}

/** Gives what a provider was told. The opener throws EnvelopeError, NoKeyError. */
export function opener(ring: () => KeyRing | null): (row: ProviderKeyRow) => SecretFields {
  return (row) => fieldsOf(ringOf(ring).open(sealedOf(row), bindingOf(row, row.base_url)));
}

function changes(db: Db, ring: () => KeyRing | null) {
  return {
    /** Null when the slug is taken. Throws NoKeyError. */
    async add(
      identity: ProviderKeyIdentity,
      content: ProviderKeyContent & Partial<ProviderTurn>,
      nowMs: number,
    ): Promise<ProviderKeyRow | null> {
      const columns = { ...columnsOf(ringOf(ring), identity, content), ...switchColumns(content, nowMs) };
      const row = { ...identity, ...columns, created_at: nowMs, updated_at: nowMs, disabled_at: null, version: 1 };
      const stored = await db
        .insertInto("provider_key")
        .values(row)
        .onConflict((conflict) => conflict.column("slug").doNothing())
        .returningAll()
        .executeTakeFirst();
      return stored ?? null;
    },

    /** Null when somebody has changed or removed it since `row` was read. Throws NoKeyError. */
    change(row: ProviderKeyRow, content: ProviderKeyContent, nowMs: number): Promise<ProviderKeyRow | null> {
      return update(db, row, { ...columnsOf(ringOf(ring), row, content), updated_at: nowMs });
    },

    /** The same for what is not sealed with the key. */
    switch(row: ProviderKeyRow, switches: ProviderKeySwitches, nowMs: number): Promise<ProviderKeyRow | null> {
      return update(db, row, { ...switchColumns(switches, nowMs), updated_at: nowMs });
    },

    async remove(id: string): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom("provider_key").where("id", "=", id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

async function update(
  db: Db,
  { id, version }: ProviderKeyRow,
  columns: Partial<Omit<ProviderKeyRow, "id" | "version">>,
): Promise<ProviderKeyRow | null> {
  const changed = await db
    .updateTable("provider_key")
    .set({ ...columns, version: version + 1 })
    .where("id", "=", id)
    .where("version", "=", version)
    .returningAll()
    .executeTakeFirst();
  return changed ?? null;
}

function upkeep(db: Db, ring: () => KeyRing | null) {
  return {
    /** Wraps every record's key with the current key-encryption key, while others read and change records. */
    async rewrapAll(): Promise<RewrapReport> {
      const keys = ringOf(ring);
      const report: RewrapReport = { keyId: keys.currentId, total: 0, rewrapped: 0, unreadable: [] };
      const rows = await db.selectFrom("provider_key").selectAll().orderBy("id").execute();
      for (const row of rows) {
        report.total++;
        if (row.kek_id === keys.currentId) continue;
        const moved = rewrapped(keys, row);
        if (moved === null) report.unreadable.push(row.slug);
        else if (await replaceWrapping(db, row, moved)) report.rewrapped++;
      }
      return report;
    },

    /** Removes these records as far as they are still as given, and gives the slugs of the removed. */
    async discard(rows: readonly ProviderKeyRow[]): Promise<string[]> {
      const discarded: string[] = [];
      for (const { id, slug, version, wrapped_key } of rows) {
        const asGiven = db.deleteFrom("provider_key").where("id", "=", id).where("version", "=", version);
        const { numDeletedRows } = await asGiven.where("wrapped_key", "=", wrapped_key).executeTakeFirst();
        if (numDeletedRows > 0n) discarded.push(slug);
      }
      return discarded;
    },
  };
}

/** The rows that do not open with these keys. */
export function unreadable(rows: readonly ProviderKeyRow[], keys: KeyRing | null): ProviderKeyRow[] {
  return rows.filter((row) => keys === null || opened(keys, row) === null);
}

/** A record that changed meanwhile was sealed anew by whoever changed it, or wrapped by another `rewrapAll`. */
async function replaceWrapping(db: Db, row: ProviderKeyRow, moved: Sealed): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("provider_key")
    .set({ kek_id: moved.keyId, wrapped_key: moved.wrappedKey })
    .where("id", "=", row.id)
    .where("wrapped_key", "=", row.wrapped_key)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function rewrapped(keys: KeyRing, row: ProviderKeyRow): Sealed | null {
  if (opened(keys, row) === null) return null;
  return keys.rewrap(sealedOf(row), bindingOf(row, row.base_url));
}

function opened(keys: KeyRing, row: ProviderKeyRow): string | null {
  try {
    return keys.open(sealedOf(row), bindingOf(row, row.base_url));
  } catch (error) {
    if (error instanceof EnvelopeError) return null;
    throw error;
  }
}

function ringOf(ring: () => KeyRing | null): KeyRing {
  const keys = ring();
  if (keys === null) throw new NoKeyError("this instance has no encryption key");
  return keys;
}

/** Which row, whose, and for which host: with another of these nothing opens. */
function bindingOf({ id, slug, type }: ProviderKeyIdentity, baseUrl: string): string[] {
  return ["provider_key", id, slug, type, URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl];
}

function sealedOf({ kek_id, wrapped_key, sealed }: ProviderKeyRow): Sealed {
  return { keyId: kek_id, wrappedKey: wrapped_key, sealed };
}

function columnsOf(keys: KeyRing, identity: ProviderKeyIdentity, content: ProviderKeyContent) {
  const { keyId, wrappedKey, sealed } = keys.seal(JSON.stringify(content.fields), bindingOf(identity, content.baseUrl));
  return {
    name: content.name,
    base_url: content.baseUrl,
    models: content.models === null ? null : JSON.stringify(content.models),
    shown_fields: JSON.stringify(content.shownFields),
    label: content.label,
    kek_id: keyId,
    wrapped_key: wrappedKey,
    sealed,
  };
}

function switchColumns({ isDisabled, weight, priority }: ProviderKeySwitches, nowMs: number) {
  return {
    ...(isDisabled === undefined ? {} : { disabled_at: isDisabled ? nowMs : null }),
    ...(weight === undefined ? {} : { weight }),
    ...(priority === undefined ? {} : { priority }),
  };
}

/** The texts of a JSON object. */
export function fieldsOf(json: string): SecretFields {
  const parsed = parseJson(json);
  const entries = parsed.ok && isJsonObject(parsed.value) ? Object.entries(parsed.value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** The models that were named for a provider; null where it is to be asked. */
export function modelsOf({ models }: Pick<ProviderKeyRow, "models">): string[] | null {
  if (models === null) return null;
  const parsed = parseJson(models);
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.filter((name) => typeof name === "string") : null;
}
