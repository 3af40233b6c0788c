/** Presets as the API and the dashboard show them. */
import { DEFAULT_WORKSPACE_ID } from "../../contract/schemas/common.ts";
import type { ApiPreset, ApiPresetVersion, PresetVersionView, PresetView } from "../../contract/schemas/presets.ts";
import type { PresetVersion, PresetWithVersion } from "../../storage/stores/presets.ts";
import { isoTime } from "../keys/key-view.ts";

export function apiPreset(preset: PresetWithVersion): ApiPreset {
  return {
    id: preset.id,
    slug: preset.slug,
    name: preset.name,
    description: preset.description,
    status: preset.status,
    status_updated_at: preset.status_updated_at === null ? null : isoTime(preset.status_updated_at),
    designated_version_id: preset.designated_version_id,
    creator_user_id: preset.user_id,
    workspace_id: DEFAULT_WORKSPACE_ID,
    created_at: isoTime(preset.created_at),
    updated_at: isoTime(preset.updated_at),
  };
}

export function apiVersion(version: PresetVersion): ApiPresetVersion {
  return {
    id: version.id,
    preset_id: version.presetId,
    version: version.number,
    creator_id: version.creatorId,
    system_prompt: version.systemPrompt,
    config: version.config,
    created_at: isoTime(version.createdAt),
    updated_at: isoTime(version.createdAt),
  };
}

export function presetView(preset: PresetWithVersion): PresetView {
  const { id, slug, name, description, status } = preset;
  const times = { createdAt: preset.created_at, updatedAt: preset.updated_at };
  return { id, slug, name, description, status, ...times, version: versionView(preset.designated) };
}

export function versionView({ number, systemPrompt, config, createdAt }: PresetVersion): PresetVersionView {
  return { number, systemPrompt, config, createdAt };
}
