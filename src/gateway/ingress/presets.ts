/**
 * Fills a request in from the preset that it names, and from the account's default model where it names none. What the
 * request says itself comes first, field by field at the top level; tools of both are united. A body that names neither
 * goes on as the bytes that came in.
 */
import { GapuraError } from "../../kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, type JsonValue, stringField } from "../../kernel/json.ts";
import type { DialectName } from "../canonical/dialects.ts";
import type { AccountRoutingSource, Preset, PresetSource } from "../ports.ts";
import type { StatedWishes } from "../router/wishes.ts";
import { Fields, invalidField } from "./fields.ts";
import { readProviderWishes } from "./provider-wishes.ts";
import { type BodyLimits, type JsonBody, parseBody } from "./read-body.ts";

export interface Completed {
  body: JsonBody;
  preset: Preset | null;
  /** What the preset says of providers; the body's own `provider` may stand in its place. */
  presetWishes: StatedWishes | null;
}

interface Sources {
  /** Null where there are none. */
  presets: PresetSource | null;
  accounts: AccountRoutingSource | null;
  limits: BodyLimits;
}

const IN_NAME = /^(.*)@preset\/([^/@:]+)((?::[^/@:]+)*)$/;
const SLUG = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

interface Asker {
  userId: string;
  dialect: DialectName;
}

/**
 * A promise only where there is something to fill in. Throws (or rejects with) GapuraError: preset_unknown, invalid_field,
 * and what `parseBody` throws; rejects when storage fails.
 */
export function completedBody(body: JsonBody, sources: Sources, asker: Asker): Completed | Promise<Completed> {
  const named = presetNamed(body.value);
  if (named === null && namesModel(body.value)) return { body, preset: null, presetWishes: null };
  return filledIn(body, named, { ...sources, ...asker });
}

async function filledIn(
  body: JsonBody,
  named: ReturnType<typeof presetNamed>,
  { presets, accounts, limits, userId, dialect }: Sources & Asker,
): Promise<Completed> {
  if (named === null) {
    const model = (await accounts?.find(userId))?.defaultModel ?? null;
    const completed = model === null ? body : rewritten({ ...body.value, model }, limits);
    return { body: completed, preset: null, presetWishes: null };
  }
  const preset = await presets?.find(userId, named.slug);
  if (!preset) throw new GapuraError("preset_unknown", { values: { slug: named.slug } });
  const merged = withPreset(named.body, preset.fields, dialect);
  const presetWishes = readProviderWishes(new Fields(preset.fields));
  return { body: rewritten(merged, limits), preset, presetWishes };
}

function rewritten(value: JsonObject, limits: BodyLimits): JsonBody {
  return parseBody(new TextEncoder().encode(JSON.stringify(value)), { ...limits, maxBytes: Number.MAX_SAFE_INTEGER });
}

function namesModel({ model, models }: JsonObject): boolean {
  return (model ?? "") !== "" || (Array.isArray(models) && models.length > 0);
}

/** The one preset that a body names, and the body without that name; null for none. Throws GapuraError invalid_field. */
export function presetNamed(value: JsonObject): { slug: string; body: JsonObject } | null {
  const { preset: field = null } = value;
  if (field === null && !mentionsPreset(value.model) && !arrayField(value, "models").some(mentionsPreset)) return null;
  const slugs = new Set<string>();
  if (field !== null) {
    if (typeof field !== "string") throw invalidField("preset", "must be the name of a preset");
    slugs.add(field.replace(/^@preset\//, ""));
  }
  const without = (name: JsonValue): JsonValue[] => {
    const [, base = "", slug, suffix = ""] = typeof name === "string" ? (IN_NAME.exec(name) ?? []) : [];
    if (slug === undefined) return [name];
    slugs.add(slug);
    return base === "" ? [] : [`${base}${suffix}`];
  };
  const [model] = without(value.model ?? "");
  const models = arrayField(value, "models").flatMap(without);
  const [slug, ...more] = slugs;
  if (slug === undefined || more.length > 0)
    throw invalidField("preset", "must name one preset, the same in every place");
  if (!SLUG.test(slug)) throw invalidField("preset", "must be a name of letters, digits, dashes and underscores");
  const { preset: _, model: __, models: ___, ...rest } = value;
  return {
    slug,
    body: {
      ...((model ?? "") === "" ? {} : { model: model ?? "" }),
      ...(models.length === 0 ? {} : { models }),
      ...rest,
    },
  };
}

function mentionsPreset(name: JsonValue | undefined): boolean {
  return typeof name === "string" && name.includes("@preset/");
}

/** Fields of a preset that are no fields of a request, or that every request brings itself. */
const NOT_MERGED: ReadonlySet<string> = new Set([
  ...["system", "cache_enabled", "cache_ttl_seconds", "messages", "input", "prompt", "stream", "preset"],
]);

/** The request over the preset. A field of the request that is null was not said. */
export function withPreset(request: JsonObject, preset: JsonObject, dialect: DialectName): JsonObject {
  const fields = Object.entries(preset).filter(([name]) => !NOT_MERGED.has(name));
  const said = Object.entries(request).filter(([, value]) => value !== null);
  const tools = united(arrayField(preset, "tools"), arrayField(request, "tools"));
  const merged = { ...Object.fromEntries(fields), ...Object.fromEntries(said), ...(tools.length > 0 ? { tools } : {}) };
  const system = stringField(preset, "system");
  return system === undefined ? merged : withSystem(merged, system, dialect);
}

/** Of two tools with one name, the request's. */
function united(preset: readonly JsonValue[], request: readonly JsonValue[]): JsonValue[] {
  const names = new Set(request.map(toolName));
  return [...preset.filter((tool) => !names.has(toolName(tool))), ...request];
}

function toolName(tool: JsonValue): string {
  if (!isJsonObject(tool)) return JSON.stringify(tool);
  const holder = isJsonObject(tool.function) ? tool.function : tool;
  return stringField(holder, "name") ?? stringField(tool, "type") ?? JSON.stringify(tool);
}

/** The preset's system prompt, unless the request has its own. */
function withSystem(body: JsonObject, system: string, dialect: DialectName): JsonObject {
  if (dialect === "openai-responses") return { instructions: system, ...body };
  if (dialect === "anthropic-messages") return { system, ...body };
  const messages = arrayField(body, "messages");
  const isSystem = (message: JsonValue) =>
    isJsonObject(message) && (message.role === "system" || message.role === "developer");
  if (messages.length === 0 || messages.some(isSystem)) return body;
  return { ...body, messages: [{ role: "system", content: system }, ...messages] };
}
