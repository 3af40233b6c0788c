/** A preset as its form holds it: some fields of the config have a place of their own, the rest is JSON. Pure. */
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { PresetView } from "../../../../src/contract/schemas/presets.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../../../src/kernel/json.ts";
import { textOf } from "../account/entries.ts";

const OWN_FIELDS: ReadonlySet<string> = new Set(["model", "models", "cache_enabled", "cache_ttl_seconds"]);
const SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export interface PresetEntry {
  slug: string;
  name: string;
  description: string;
  /** Best first. */
  models: string[];
  systemPrompt: string;
  isCached: boolean;
  cacheTtl: string;
  /** JSON. */
  further: string;
}

export function entryOf({ slug, name, description, version }: PresetView): PresetEntry {
  const { config, systemPrompt } = version;
  const further = Object.entries(config).filter(([field]) => !OWN_FIELDS.has(field));
  return {
    slug,
    name,
    description: description ?? "",
    models: modelsOf(config),
    systemPrompt: systemPrompt ?? "",
    isCached: config.cache_enabled === true,
    cacheTtl: typeof config.cache_ttl_seconds === "number" ? String(config.cache_ttl_seconds) : "",
    further: further.length === 0 ? "" : JSON.stringify(Object.fromEntries(further), null, 2),
  };
}

export const NEW_PRESET: PresetEntry = {
  slug: "",
  name: "",
  description: "",
  models: [],
  systemPrompt: "",
  isCached: false,
  cacheTtl: "",
  further: "",
};

/** Those that a config names, best first. */
export function modelsOf(config: JsonObject): string[] {
  const named = [config.model, ...(Array.isArray(config.models) ? config.models : [])];
  return [...new Set(named.filter((model) => typeof model === "string"))];
}

export function readEntry(form: FormData): PresetEntry {
  const text = (name: string) => textOf(form, name).trim();
  return {
    slug: text("slug").toLowerCase(),
    name: text("name"),
    description: text("description"),
    models: [
      ...new Set(
        text("models")
          .split(/[\n,]/)
          .map((line) => line.trim()),
      ),
    ].filter((model) => model !== ""),
    systemPrompt: text("systemPrompt"),
    isCached: form.has("isCached"),
    cacheTtl: text("cacheTtl"),
    further: text("further"),
  };
}

export type EntryProblem = { field: "slug" | "cacheTtl"; reason: null } | { field: "further"; reason: string };

/** The first thing that is wrong with an entry. */
export function entryProblem(entry: PresetEntry): EntryProblem | null {
  if (!SLUG.test(entry.slug)) return { field: "slug", reason: null };
  const ttl = /^\d{1,5}$/.test(entry.cacheTtl) ? Number(entry.cacheTtl) : 0;
  if (entry.cacheTtl !== "" && (ttl < 1 || ttl > 86_400)) return { field: "cacheTtl", reason: null };
  const parsed = parseJson(entry.further === "" ? "{}" : entry.further);
  if (!parsed.ok) return { field: "further", reason: parsed.reason };
  return isJsonObject(parsed.value) ? null : { field: "further", reason: "{…}" };
}

/** What an entry without problems says, in the words of the API. */
export function contentOf(entry: PresetEntry): Pick<BodyOf<"createPreset">, "systemPrompt" | "config"> {
  const parsed = parseJson(entry.further === "" ? "{}" : entry.further);
  const [model, ...others] = entry.models;
  const config: JsonObject = {
    ...(parsed.ok && isJsonObject(parsed.value) ? parsed.value : {}),
    ...(model === undefined ? {} : { model }),
    ...(others.length === 0 ? {} : { models: others }),
    ...(entry.isCached ? { cache_enabled: true } : {}),
    ...(entry.isCached && entry.cacheTtl !== "" ? { cache_ttl_seconds: Number(entry.cacheTtl) } : {}),
  };
  return { systemPrompt: entry.systemPrompt === "" ? null : entry.systemPrompt, config };
}
