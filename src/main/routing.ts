/**
 * What people have set about routing, as the data plane asks for it: wishes that hold for every request, and presets.
 *
 * Invariants: every account's wishes are in memory, so that a request waits for nothing; what the owner has set for
 * everybody can only be narrowed; a change made here is in force before it is answered, and one made by another process
 * within a second.
 * Failure modes: while the database cannot be asked, the wishes that were read last stay in force; a preset that is not
 * in memory cannot be used then, and the request is refused.
 */
import { presetApiHandlers } from "../control/presets/preset-api-handlers.ts";
import { presetHandlers } from "../control/presets/preset-handlers.ts";
import { routingHandlers } from "../control/routing/routing-handlers.ts";
import type { DataPlane } from "../gateway/data-plane.ts";
import { Fields } from "../gateway/ingress/fields.ts";
import { readProviderWishes } from "../gateway/ingress/provider-wishes.ts";
import type { AccountRouting, AccountRoutingSource, Preset, PresetSource } from "../gateway/ports.ts";
import { mergeWishes } from "../gateway/router/merge-wishes.ts";
import type { Clock } from "../kernel/clock.ts";
import { inTurn } from "../kernel/in-turn.ts";
import { type JsonObject, stringField } from "../kernel/json.ts";
import type { Db } from "../storage/open.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import { createPresetStore, type PresetStore } from "../storage/stores/presets.ts";
import {
  createRoutingDefaultsStore,
  INSTANCE_OWNER,
  type RoutingDefaultsStore,
} from "../storage/stores/routing-defaults.ts";
import { dryRun } from "./dry-run.ts";

/** How long a preset is believed without looking again, so that other processes' changes are seen within a second. */
const PRESET_FRESH_MS = 500;
const MAX_PRESETS_IN_MEMORY = 10_000;

export type Routing = Awaited<ReturnType<typeof routingOf>>;

/** Everything about routing that is stored: for the data plane, and for the handlers that change it. */
export async function routingOf(db: Db, clock: Clock) {
  const store = createRoutingDefaultsStore(db);
  const defaults = new RoutingDefaults(store);
  await defaults.sync();
  const stored = createPresetStore(db);
  const presets = new StoredPresets(stored, clock);
  const presetDeps = { presets: stored, clock, onPresetChanged: presets.evict.bind(presets) };
  return {
    sources: { accountRouting: defaults, presets },
    /** Brings what another process changed into force. */
    sync: () => defaults.sync(),
    handlersFor: (plane: Pick<DataPlane, "forecast">, audit: AuditStore) => ({
      ...routingHandlers({
        defaults: store,
        audit,
        clock,
        onDefaultsChanged: () => defaults.sync(),
        dryRun: (asked) => dryRun(plane, asked),
      }),
      ...presetHandlers(presetDeps),
      ...presetApiHandlers(presetDeps),
    }),
  };
}

export class RoutingDefaults implements AccountRoutingSource {
  readonly #store: RoutingDefaultsStore;
  #stamp = -1;
  #instance: AccountRouting | null = null;
  #accounts = new Map<string, AccountRouting>();

  constructor(store: RoutingDefaultsStore) {
    this.#store = store;
  }

  find(userId: string): AccountRouting | null {
    return this.#accounts.get(userId) ?? this.#instance;
  }

  /** Reads what has changed since the last look. One at a time; rejects when the database cannot be asked. */
  readonly sync = inTurn(() => this.#sync());

  async #sync(): Promise<void> {
    const stamp = await this.#store.stamp();
    if (stamp === this.#stamp) return;
    const rows = await this.#store.all();
    const stored = rows.find(({ ownerId }) => ownerId === INSTANCE_OWNER)?.wishes;
    const instance = stored === undefined ? null : accountRouting(stored, null);
    this.#accounts = new Map(
      rows
        .filter(({ ownerId }) => ownerId !== INSTANCE_OWNER)
        .map(({ ownerId, wishes }) => [ownerId, accountRouting(wishes, instance)]),
    );
    this.#instance = instance;
    this.#stamp = stamp;
  }
}

/** What an account has set, within what the owner has set for everybody. Throws GapuraError for what makes no sense. */
function accountRouting(stored: JsonObject, instance: AccountRouting | null): AccountRouting {
  const own = readProviderWishes(new Fields(stored));
  const defaultModel = stringField(stored, "model") ?? instance?.defaultModel ?? null;
  if (instance === null) return { wishes: own, defaultModel };
  return { wishes: mergeWishes(instance.wishes, own), defaultModel };
}

interface KnownPreset {
  preset: Promise<Preset | null> | Preset | null;
  readAtMs: number;
}

export class StoredPresets implements PresetSource {
  readonly #store: Pick<PresetStore, "find">;
  readonly #clock: Clock;
  readonly #known = new Map<string, KnownPreset>();

  constructor(store: Pick<PresetStore, "find">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A disabled or archived preset is none. */
  find(userId: string, named: string): Preset | null | Promise<Preset | null> {
    const slug = named.toLowerCase();
    const name = `${userId}/${slug}`;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#known.get(name);
    if (known && nowMs - known.readAtMs < PRESET_FRESH_MS) return known.preset;
    const entry: KnownPreset = { preset: this.#read(userId, slug), readAtMs: nowMs };
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < MAX_PRESETS_IN_MEMORY) break;
      this.#known.delete(oldest);
    }
    this.#known.delete(name);
    this.#known.set(name, entry);
    return this.#settle(name, entry);
  }

  /** Forgets a preset that was changed. */
  evict({ userId, slug }: { userId: string; slug: string }): void {
    this.#known.delete(`${userId}/${slug}`);
  }

  async #settle(name: string, entry: KnownPreset): Promise<Preset | null> {
    try {
      entry.preset = await entry.preset;
      return entry.preset;
    } catch (error) {
      if (this.#known.get(name) === entry) this.#known.delete(name);
      throw error;
    }
  }

  async #read(userId: string, slug: string): Promise<Preset | null> {
    const preset = await this.#store.find(userId, slug);
    if (preset === null || preset.status !== "active") return null;
    const { id: versionId, systemPrompt, config } = preset.designated;
    const fields = systemPrompt === null ? config : { ...config, system: systemPrompt };
    return { id: preset.id, versionId, slug, fields };
  }
}
