/**
 * What a preset keeps of the body of a call: the fields that both have, and what the system was told. Messages, `stream`
 * and whatever else belongs to the one call are passed over. Fields that another dialect names otherwise are kept under
 * the name that the chat has for them. Pure.
 */
import { PRESET_FIELDS, presetConfigSchema, systemPromptInput } from "../../contract/schemas/presets.ts";
import { arrayField, isJsonObject, type JsonObject, type JsonValue, objectField } from "../../kernel/json.ts";
import type { PresetContent } from "../../storage/stores/presets.ts";
import { check } from "../http/input.ts";
import { fieldProblem } from "../keys/key-changes.ts";

export type CallDialect = "chat" | "responses" | "messages";

/** Throws GapuraError invalid_field for a field that no call could have either. */
export function presetFromCall(dialect: CallDialect, body: JsonObject): PresetContent {
  const asChat = IN_CHAT[dialect](body);
  const kept = Object.entries(asChat).filter(([name, value]) => PRESET_FIELDS.has(name) && value !== null);
  const config = check(presetConfigSchema, Object.fromEntries(kept));
  const said = systemPrompt(dialect, body);
  if (said !== null) check(systemPromptInput, said, "system");
  if (kept.length === 0 && said === null) {
    throw fieldProblem("body", "holds nothing that a preset can keep, such as model, temperature or a system prompt");
  }
  return { systemPrompt: said, config: isJsonObject(config) ? config : {} };
}

const IN_CHAT: Record<CallDialect, (body: JsonObject) => JsonObject> = {
  chat: (body) => body,
  responses: ({ max_output_tokens, text, ...body }) => ({
    ...body,
    ...renamed("max_tokens", max_output_tokens),
    ...renamed("response_format", responseFormat(text)),
    ...renamed("tools", body.tools && listOf(body.tools).map(chatTool)),
  }),
  messages: ({ stop_sequences, thinking, ...body }) => ({
    ...body,
    ...renamed("stop", stop_sequences),
    ...renamed("reasoning", reasoningOf(thinking)),
    ...renamed("tools", body.tools && listOf(body.tools).map(chatTool)),
  }),
};

function renamed(name: string, value: JsonValue | undefined): JsonObject {
  return value === undefined || value === null ? {} : { [name]: value };
}

function responseFormat(text: JsonValue | undefined): JsonValue | undefined {
  const format = isJsonObject(text) ? objectField(text, "format") : undefined;
  if (format?.type !== "json_schema") return format;
  const { type, ...json_schema } = format;
  return { type, json_schema };
}

function reasoningOf(thinking: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(thinking)) return undefined;
  if (typeof thinking.budget_tokens === "number") return { max_tokens: thinking.budget_tokens };
  return { enabled: thinking.type !== "disabled" };
}

/** A function as the chat declares it; every other tool stays as it is. */
function chatTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool)) return tool;
  const { type = "function", name, description, input_schema, parameters = input_schema, strict } = tool;
  if (typeof name !== "string" || (type !== "function" && type !== "custom") || parameters === undefined) return tool;
  const declared = { ...renamed("description", description), ...renamed("strict", strict) };
  return { type: "function", function: { name, ...declared, parameters } };
}

function systemPrompt(dialect: CallDialect, body: JsonObject): string | null {
  if (dialect === "responses") return textOf(body.instructions);
  if (dialect === "messages") return textOf(body.system);
  const texts: string[] = [];
  for (const message of arrayField(body, "messages")) {
    if (!isJsonObject(message) || (message.role !== "system" && message.role !== "developer")) break;
    texts.push(textOf(message.content) ?? "");
  }
  return texts.length === 0 ? null : texts.join("\n\n");
}

/** A text, or the texts of parts. */
function textOf(content: JsonValue | undefined): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content.map((part) => (isJsonObject(part) && typeof part.text === "string" ? part.text : "")).join("\n\n");
}

function listOf(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : [value];
}
