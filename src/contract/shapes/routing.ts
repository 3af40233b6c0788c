/** Shapes of the operations about routing: wishes that hold for every request, and presets. */
import * as dryRun from "../schemas/dry-run.ts";
import * as presets from "../schemas/presets.ts";
import * as routing from "../schemas/routing.ts";
import type { RouteShapes } from "./route-shapes.ts";

/** The body of a call, messages and pictures included. */
const CALL_BYTES = 4 * 1024 * 1024;

export const routingShapes = {
  getRouting: {
    summary: "Wishes about providers that hold for every request",
    status: 200,
    response: routing.routingSettingsSchema,
  },
  updateRouting: {
    summary: "Change the wishes of the account",
    status: 200,
    response: routing.routingSettingsSchema,
    body: routing.updateRoutingBody,
  },
  updateInstanceRouting: {
    summary: "Change the wishes that hold for every account",
    status: 200,
    response: routing.routingSettingsSchema,
    body: routing.updateRoutingBody,
  },
  tryRoute: {
    summary: "Which providers would answer a request, and why, without asking any",
    status: 200,
    response: dryRun.dryRunSchema,
    query: dryRun.dryRunQuery,
    body: dryRun.dryRunBody,
    maxBodyBytes: CALL_BYTES,
  },
  listPresets: {
    summary: "Own presets, the one changed last first",
    status: 200,
    response: presets.presetListSchema,
    query: presets.presetPageQuery,
  },
  createPreset: {
    summary: "Create a preset",
    status: 201,
    response: presets.presetSchema,
    body: presets.createPresetBody,
  },
  updatePreset: {
    summary: "Change a preset, add a version of it, or take an older one",
    status: 200,
    response: presets.presetSchema,
    params: presets.presetParams,
    body: presets.updatePresetBody,
  },
  deletePreset: {
    summary: "Delete a preset with all of its versions",
    status: 200,
    response: presets.deletedPresetSchema,
    params: presets.presetParams,
  },
  listPresetHistory: {
    summary: "Versions of a preset, oldest first",
    status: 200,
    response: presets.presetVersionListSchema,
    params: presets.presetParams,
    query: presets.presetPageQuery,
  },

  dryRunRoute: {
    summary: "Which providers would answer a request of this key, and why, without asking any",
    status: 200,
    response: dryRun.dryRunSchema,
    query: dryRun.dryRunQuery,
    body: dryRun.dryRunBody,
    maxBodyBytes: CALL_BYTES,
  },
  listApiPresets: {
    summary: "Presets of the account, the one changed last first",
    status: 200,
    response: presets.apiPresetListSchema,
    query: presets.presetPageQuery,
  },
  getApiPreset: {
    summary: "One preset with the version that counts",
    status: 200,
    response: presets.onePresetSchema,
    params: presets.presetParams,
  },
  listApiPresetVersions: {
    summary: "Versions of a preset, oldest first",
    status: 200,
    response: presets.apiVersionListSchema,
    params: presets.presetParams,
    query: presets.presetPageQuery,
  },
  getApiPresetVersion: {
    summary: "One version of a preset",
    status: 200,
    response: presets.oneVersionSchema,
    params: presets.presetVersionParams,
  },
  presetFromChat: {
    summary: "Make a preset, or a version of one, from the body of a chat; nothing is asked of a provider",
    status: 200,
    response: presets.onePresetSchema,
    params: presets.presetParams,
    body: presets.presetFromCallBody,
    maxBodyBytes: CALL_BYTES,
  },
  presetFromResponse: {
    summary: "Make a preset, or a version of one, from the body of the Responses API; nothing is asked of a provider",
    status: 200,
    response: presets.onePresetSchema,
    params: presets.presetParams,
    body: presets.presetFromCallBody,
    maxBodyBytes: CALL_BYTES,
  },
  presetFromMessage: {
    summary: "Make a preset, or a version of one, from the body of a message; nothing is asked of a provider",
    status: 200,
    response: presets.onePresetSchema,
    params: presets.presetParams,
    body: presets.presetFromCallBody,
    maxBodyBytes: CALL_BYTES,
  },
} as const satisfies Record<string, RouteShapes>;
