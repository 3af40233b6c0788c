/**
 * OpenRouter's API for presets: they are read, and made from the body of a call that is not made.
 *
 * Invariants: any key of an account sees and makes that account's presets; every change is in force in this process
 * before it is answered.
 */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { MAX_PRESETS, type PresetStore, type PresetWithVersion } from "../../storage/stores/presets.ts";
import type { Handler, Handlers } from "../http/handler.ts";
import { type CallDialect, presetFromCall } from "./preset-from-call.ts";
import { apiPreset, apiVersion } from "./preset-view.ts";

/** Tells the data plane at once; the change is durable already. */
export type OnPresetChanged = (change: { userId: string; slug: string }) => void;

export interface PresetDeps {
  presets: PresetStore;
  clock: Clock;
  onPresetChanged: OnPresetChanged;
}

type PresetApiOperations =
  | "listApiPresets"
  | "getApiPreset"
  | "listApiPresetVersions"
  | "getApiPresetVersion"
  | MakingOperation;
type MakingOperation = "presetFromChat" | "presetFromResponse" | "presetFromMessage";

export function presetApiHandlers(deps: PresetDeps): Handlers<PresetApiOperations> {
  const { presets } = deps;
  return {
    listApiPresets: async ({ key, query }) => {
      const page = await presets.page(key.userId, query);
      return { body: { data: page.presets.map(apiPreset), total_count: page.total } };
    },
    getApiPreset: async ({ key, params }) => ({
      body: { data: shown(found(await presets.find(key.userId, params.slug))) },
    }),
    listApiPresetVersions: async ({ key, params, query }) => {
      const page = found(await presets.versions(key.userId, params.slug, query));
      return { body: { data: page.versions.map(apiVersion), total_count: page.total } };
    },
    getApiPresetVersion: async ({ key, params }) => ({
      body: { data: apiVersion(found(await presets.version(key.userId, params.slug, params.version))) },
    }),
    presetFromChat: maker(deps, "chat"),
    presetFromResponse: maker(deps, "responses"),
    presetFromMessage: maker(deps, "messages"),
  };
}

function maker(deps: PresetDeps, dialect: CallDialect): Handler<MakingOperation> {
  return async ({ key, params: { slug }, body }) => {
    const { userId } = key;
    const entry = {
      userId,
      slug,
      content: presetFromCall(dialect, isJsonObject(body) ? body : {}),
      nowMs: deps.clock.nowMs(),
    };
    const preset =
      (await deps.presets.addVersion(entry)) ??
      made(await deps.presets.create(entry, { name: slug, description: null }));
    deps.onPresetChanged({ userId, slug });
    return { body: { data: shown(preset) } };
  };
}

function shown(preset: PresetWithVersion) {
  return { ...apiPreset(preset), designated_version: apiVersion(preset.designated) };
}

/** Throws resource_not_found. */
export function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new GapuraError("resource_not_found", { values: { what: "This preset" } });
  return thing;
}

/** Throws conflict. */
export function made(outcome: PresetWithVersion | "taken" | "full"): PresetWithVersion {
  if (outcome === "taken")
    throw conflict("There is a preset with this slug already. Change it, or choose another slug.");
  if (outcome === "full") throw conflict(`An account has at most ${MAX_PRESETS} presets. Delete one that nobody uses.`);
  return outcome;
}

function conflict(reason: string): GapuraError {
  return new GapuraError("conflict", { values: { reason } });
}
