/**
 * Brings the providers of the dashboard from the database into force, here and, by looking every second, on every other
 * node that shares the database.
 *
 * Invariants: a provider whose key does not open is not connected, and says so; a provider of the environment or the
 * file is never replaced by one of the dashboard; a start refuses keys that it cannot open for want of the encryption
 * key, and never makes a new encryption key where something is sealed with another.
 */
import { existsSync } from "node:fs";
import { credentialOf } from "../catalog/vendors/fields.ts";
import { isVendorType, vendorOf } from "../catalog/vendors/vendors.ts";
import { createKeyFile, type KeyRingSource, keyFileOf, usesKeyFile } from "../config/encryption-keys.ts";
import type { Config } from "../config/schema.ts";
import type { Provider } from "../contract/schemas/instance.ts";
import type { ProbeCandidate, ProviderPort } from "../control/providers/provider-handlers.ts";
import type { DataPlane } from "../gateway/data-plane.ts";
import type { Connection, ConnectionSource, Connections } from "../gateway/providers/connections.ts";
import { createProvider } from "../gateway/providers/vendors.ts";
import { EnvelopeError } from "../kernel/envelope.ts";
import { inTurn } from "../kernel/in-turn.ts";
import { PROVIDER_TURN } from "../kernel/provider-turn.ts";
import type { ProviderKeyRow } from "../storage/schema.ts";
import { StorageError } from "../storage/sqlite.ts";
import { modelsOf, NoKeyError, opener, type ProviderKeyStore, unreadable } from "../storage/stores/provider-keys.ts";
import type { Log } from "../telemetry/log.ts";
import { pricesOfType, routingFacts } from "./providers.ts";

/** Makes the encryption key of a new embedded instance. Throws StorageError, KeyFileError: nothing is guessed at. */
export async function prepareEncryption(config: Config, store: ProviderKeyStore, ring: KeyRingSource): Promise<void> {
  const rows = await store.list();
  if (rows.length === 0 && usesKeyFile(config) && !existsSync(keyFileOf(config))) createKeyFile(config);
  const keys = ring();
  const locked = rows.filter((row) => keys?.has(row.kek_id) !== true);
  if (locked.length > 0) throw new StorageError(lockedSentence(config, locked));
}

function lockedSentence(config: Config, locked: readonly ProviderKeyRow[]): string {
  const slugs = locked.map(({ slug }) => slug).join(", ");
  const ids = [...new Set(locked.map((row) => row.kek_id))].join(", ");
  const remedy = usesKeyFile(config)
    ? `Put back the file ${keyFileOf(config)}, or set ENCRYPTION_KEY to the key that was used.`
    : "Set ENCRYPTION_KEY to that key, or ENCRYPTION_KEYS to the new key and that one, the same on every node.";
  return (
    `The stored keys of these providers cannot be opened: ${slugs}. They were sealed with the encryption key ${ids}, ` +
    `which is not known here. ${remedy} If it is lost, "gapura vault discard" removes them, and they can be typed again.`
  );
}

interface Known {
  version: number;
  name: string;
  baseUrl: string;
  state: "connected" | "disabled" | "locked" | "hidden";
  note: string | null;
  slug: string;
}

interface Deps {
  store: ProviderKeyStore;
  connections: Connections;
  log: Pick<Log, "error">;
}

export class StoredProviders {
  readonly #deps: Deps;
  #known = new Map<string, Known>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Connects what is new or changed, and takes away what is gone. One at a time, in the order of the calls. */
  readonly sync = inTurn(() => this.#sync());

  /** Those that are stored and not connected, with the reason. */
  idle(): Provider[] {
    return [...this.#known.values()].flatMap(({ slug, name, baseUrl, state, note }) =>
      state === "connected" ? [] : [{ slug, name, baseUrl, state, note, models: null, source: "dashboard" as const }],
    );
  }

  async #sync(): Promise<void> {
    const { store } = this.#deps;
    const versions = await store.versions();
    const isSame = ({ id, version }: { id: string; version: number }) => this.#known.get(id)?.version === version;
    const hasLocked = [...this.#known.values()].some(({ state }) => state === "locked");
    if (!hasLocked && versions.length === this.#known.size && versions.every(isSame)) return;
    const rows = await store.list();
    const next = new Map<string, Known>();
    for (const row of rows) {
      const before = this.#known.get(row.id);
      next.set(row.id, before && isSame(row) && before.state !== "locked" ? before : this.#apply(row, before));
    }
    for (const [id, known] of this.#known) if (!next.has(id)) this.#disconnect(known.slug);
    this.#known = next;
  }

  #apply(row: ProviderKeyRow, before: Known | undefined): Known {
    const { connections } = this.#deps;
    const known = { version: row.version, name: row.name, baseUrl: row.base_url, slug: row.slug };
    const holder = connections.sourceOf(row.slug);
    if (holder === "environment" || holder === "file") {
      return { ...known, state: "hidden", note: `${row.slug} is also connected by ${SOURCES[holder]}, which wins.` };
    }
    if (row.disabled_at !== null) {
      this.#disconnect(row.slug);
      return { ...known, state: "disabled", note: null };
    }
    try {
      connections.put(connectionOf(row, this.#deps.store));
      return { ...known, state: "connected", note: null };
    } catch (error) {
      const note = whyLocked(row, error);
      if (before?.version !== row.version) {
        this.#deps.log.error("provider.key_locked", { provider: row.slug, reason: note, error });
      }
      this.#disconnect(row.slug);
      return { ...known, state: "locked", note };
    }
  }

  #disconnect(slug: string): void {
    const { connections } = this.#deps;
    if (connections.sourceOf(slug) === "dashboard") connections.remove(slug);
  }
}

const SOURCES: Record<ConnectionSource, string> = {
  environment: "the environment",
  file: "the configuration file",
  dashboard: "another provider of this dashboard",
  local: "a server on this machine",
};

/** Connects what can be opened; what cannot is the encryption check's affair. */
export function putStored(connections: Connections, rows: readonly ProviderKeyRow[], ring: KeyRingSource): void {
  const open = opener(ring);
  const openable = rows.filter((row) => row.disabled_at === null && unreadable([row], ring()).length === 0);
  for (const row of openable) {
    const isFree = connections.sourceOf(row.slug) === null || connections.sourceOf(row.slug) === "local";
    if (isFree && isVendorType(row.type)) connections.put(connectionOf(row, { open }));
  }
}

/** Throws EnvelopeError, NoKeyError, and Error for a vendor that this release does not know. */
function connectionOf(row: ProviderKeyRow, store: Pick<ProviderKeyStore, "open">): Connection {
  const { type, slug, name, base_url: baseUrl } = row;
  if (!isVendorType(type)) throw new Error(`this version of Gapura does not know the vendor ${type}`);
  const credential = credentialOf(vendorOf(type).fields, store.open(row));
  const provider = createProvider[type]({ slug, name, baseUrl });
  const { priority, weight } = row;
  // Weights put prices out of force, so the one that everybody has by itself is none.
  const turn = weight === PROVIDER_TURN.weight.usual ? { priority } : { priority, weight };
  const facts = routingFacts(type, credential, turn);
  return { provider, credential, source: "dashboard", fixedModels: modelsOf(row), ...pricesOfType(type), facts };
}

function whyLocked(row: ProviderKeyRow, error: unknown): string {
  if (error instanceof NoKeyError || (error instanceof EnvelopeError && error.kind === "unknown-key")) {
    return `The key of ${row.slug} was sealed with the encryption key ${row.kek_id}, which is not known here. Set ENCRYPTION_KEY to it, or type the provider's key again.`;
  }
  if (error instanceof EnvelopeError) {
    return `The record of ${row.slug} was changed in the database and does not open. Type its key again.`;
  }
  return `${row.slug} cannot be connected: ${error instanceof Error ? error.message : "unknown reason"}.`;
}

/** The data plane as the control plane's handlers see it. */
export function providerPort(plane: DataPlane, stored: StoredProviders): ProviderPort {
  return {
    apply: () => stored.sync(),
    holderOf: (slug) => {
      const source = plane.connections.sourceOf(slug);
      return source === null ? null : SOURCES[source];
    },
    addressProblem: (baseUrl) => plane.connections.refusal(baseUrl),
    probe: async (candidate) => probe(plane.connections, candidate),
  };
}

async function probe(connections: Connections, { type, credential, ...identity }: ProbeCandidate) {
  const provider = createProvider[type](identity);
  if (provider.fixedModels !== undefined) {
    const note = `${identity.name} has no list of models that could be asked for. Whether the key works shows with the first call.`;
    return { result: "unknown" as const, models: provider.fixedModels.length, note };
  }
  const list = await connections.probe({ provider, credential });
  if (list.state === "ready") return { result: "works" as const, models: list.models.length, note: null };
  return { result: list.state, models: null, note: list.note };
}
