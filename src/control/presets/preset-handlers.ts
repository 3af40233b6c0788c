/** Presets of the signed-in person. */
import { asChecked, type JsonObject } from "../../kernel/json.ts";
import type { Handlers } from "../http/handler.ts";
import { found, made, type PresetDeps } from "./preset-api-handlers.ts";
import { presetView, versionView } from "./preset-view.ts";

type PresetOperations = "listPresets" | "createPreset" | "updatePreset" | "deletePreset" | "listPresetHistory";

export function presetHandlers({ presets, clock, onPresetChanged }: PresetDeps): Handlers<PresetOperations> {
  return {
    listPresets: async ({ account, query }) => {
      const page = await presets.page(account.accountId, query);
      return { body: { presets: page.presets.map(presetView), total: page.total } };
    },
    createPreset: async ({ account: { accountId: userId }, body }) => {
      const { slug, name = slug, description = null, systemPrompt = null } = body;
      const entry = { userId, slug, content: { systemPrompt, config: filled(body.config) }, nowMs: clock.nowMs() };
      const preset = made(await presets.create(entry, { name, description }));
      onPresetChanged({ userId, slug });
      return { body: presetView(preset) };
    },
    updatePreset: async ({ account: { accountId: userId }, params: { slug }, body }) => {
      const { systemPrompt, config, version, ...changes } = body;
      const nowMs = clock.nowMs();
      if (systemPrompt !== undefined || config !== undefined) {
        const { designated } = found(await presets.find(userId, slug));
        const content = {
          systemPrompt: systemPrompt === undefined ? designated.systemPrompt : systemPrompt,
          config: config === undefined ? designated.config : filled(config),
        };
        found(await presets.addVersion({ userId, slug, content, nowMs }));
      }
      const preset = found(await presets.change(userId, slug, { ...changes, designated: version, nowMs }));
      onPresetChanged({ userId, slug });
      return { body: presetView(preset) };
    },
    deletePreset: async ({ account: { accountId: userId }, params: { slug } }) => {
      found((await presets.remove(userId, slug)) || null);
      onPresetChanged({ userId, slug });
      return { body: { deleted: true } };
    },
    listPresetHistory: async ({ account, params, query }) => {
      const page = found(await presets.versions(account.accountId, params.slug, query));
      return { body: { versions: page.versions.map(versionView), total: page.total } };
    },
  };
}

/** A config without what is null: it fills nothing in. */
function filled(config: object): JsonObject {
  const entries = Object.entries(config).filter(([, value]) => value !== null && value !== undefined);
  return asChecked<JsonObject>(Object.fromEntries(entries));
}
