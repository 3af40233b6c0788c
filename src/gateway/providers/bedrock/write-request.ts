/** A canonical request as a body of Converse. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { Target } from "../../canonical/dialects.ts";
import type { CanonicalRequest, FunctionTool, ResponseFormat } from "../../canonical/request.ts";
import { hasForeignThoughts, listOrNull, objectOrNull, present, sentParameters } from "../writing.ts";
import { type Family, familyOf } from "./families.ts";
import { writeThinking } from "./thinking.ts";
import { CLAUDE_FORMAT, cachePoint, writeMessages } from "./write-messages.ts";

/** Parameters that can be said here; whether this model takes them is decided below. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["temperature", "top_p", "top_k", "parallel_tool_calls", "response_format", "reasoning", "modalities"],
  ...["service_tier", "metadata", "cache_control", "verbosity"],
]);
const TIERS: ReadonlySet<string> = new Set(["default", "flex", "priority", "reserved"]);
/** What Amazon lets stand in the notes of a request. */
const NOTE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const MAX_NOTES = 16;

export function writeConverseRequest(
  request: CanonicalRequest,
  target: Target,
  provider: string,
): { body: JsonObject; dropped: readonly string[] } {
  const model = target.upstreamModel;
  const family = familyOf(model);
  const dropped = new Set(sentParameters(request).filter((name) => !KNOWN.has(name)));
  if (!family.caches && sentParameters(request).includes("cache_control")) dropped.add("cache_control");
  if (hasForeignThoughts(request, family.claude ? CLAUDE_FORMAT : null)) dropped.add("reasoning_details");
  if (request.parallelToolCalls === false) dropped.add("parallel_tool_calls");
  if (request.modalities.some((kind) => kind !== "text")) dropped.add("modalities");
  const { system, messages, called } = writeMessages(request, family, { provider, model });
  const toolConfig = writeTools(request, { family, called, dropped });
  const forcesTool = isForced(toolConfig);
  const thinking = writeThinking(request, { family, dropped, messages, forcesTool });
  const body = present({
    messages,
    system: listOrNull(system),
    inferenceConfig: objectOrNull(writeInference(request, { isThinking: thinking.isOn, dropped, family })),
    toolConfig,
    additionalModelRequestFields: objectOrNull({
      ...writeTopK(request, { family, dropped, isThinking: thinking.isOn }),
      ...thinking.fields,
    }),
    outputConfig: writeFormat(request.responseFormat, family, dropped),
    serviceTier: writeTier(request, dropped),
    requestMetadata: writeNotes(request, dropped),
  });
  return { body, dropped: [...dropped] };
}

interface Decided {
  family: Family;
  dropped: Set<string>;
}

/** Claude's newest models choose their words by themselves, and all of them while they think. */
function writeInference(
  request: CanonicalRequest,
  { isThinking, dropped, family }: Decided & { isThinking: boolean },
): JsonObject {
  const { sampling, maxOutputTokens, stop } = request;
  const { claude } = family;
  const takesSampling = claude === null || claude.takesSampling;
  const takesTemperature = takesSampling && !(claude && isThinking);
  const temperature = takesTemperature ? sampling.temperature : null;
  if (sampling.temperature !== null && temperature === null && sampling.temperature !== 1) dropped.add("temperature");
  const takesBoth = claude === null || claude.takesTemperatureWithTopP;
  const topP = takesSampling && (temperature === null || takesBoth) ? sampling.topP : null;
  if (sampling.topP !== null && topP === null) dropped.add("top_p");
  return present({ maxTokens: maxOutputTokens, temperature, topP, stopSequences: listOrNull(stop) });
}

function writeTopK(
  { sampling: { topK } }: CanonicalRequest,
  { family, dropped, isThinking }: Decided & { isThinking: boolean },
): JsonObject {
  if (topK === null) return {};
  if (family.topK === "nova") return { inferenceConfig: { topK } };
  const isFree = family.claude === null || (family.claude.takesSampling && !isThinking);
  if (family.topK === "top_k" && isFree) return { top_k: topK };
  dropped.add("top_k");
  return {};
}

function writeTools(
  request: CanonicalRequest,
  { family, called, dropped }: Decided & { called: readonly string[] },
): JsonValue {
  const functions = request.tools.filter((tool) => tool.kind === "function");
  if (functions.length < request.tools.length) dropped.add("tools");
  const forbidden = request.toolChoice?.kind === "none";
  // Without a word for "none" the tools are left out, unless the conversation has calls, which need their tools named.
  if (forbidden && called.length === 0) return null;
  if (forbidden) dropped.add("tool_choice");
  const declared = functions.map(({ name }) => name);
  const forgotten = called.filter((name) => !declared.includes(name)).map(openTool);
  const tools = [...functions.map((tool) => writeTool(tool, family)), ...forgotten.map((tool) => [tool])].flat();
  if (tools.length === 0) return null;
  return present({ tools, toolChoice: writeChoice(request, { family, dropped }) });
}

function writeTool({ name, description, parameters, strict, cache }: FunctionTool, family: Family): JsonObject[] {
  const schema = { type: "object", ...parameters };
  const toolSpec = present({
    name,
    description: description === "" ? null : description,
    inputSchema: { json: schema },
    strict: strict === true ? true : null,
  });
  return [{ toolSpec }, ...(family.claude ? cachePoint(cache, family) : [])];
}

/** Stands for a function that was called before and is no longer declared. */
function openTool(name: string): JsonObject {
  return { toolSpec: { name, inputSchema: { json: { type: "object" } } } };
}

function writeChoice({ toolChoice }: CanonicalRequest, { family, dropped }: Decided): JsonValue {
  if (toolChoice === null || toolChoice.kind === "none") return null;
  if (toolChoice.kind === "auto") return { auto: {} };
  if (family.claude && !family.claude.takesForcedTool) {
    dropped.add("tool_choice");
    return null;
  }
  return toolChoice.kind === "function" ? { tool: { name: toolChoice.name } } : { any: {} };
}

function isForced(toolConfig: JsonValue): boolean {
  const choice = isJsonObject(toolConfig) ? toolConfig.toolChoice : undefined;
  return isJsonObject(choice) && !("auto" in choice);
}

function writeFormat(format: ResponseFormat | null, { claude }: Family, dropped: Set<string>): JsonValue {
  if (format === null || format.kind === "text") return null;
  if (format.kind !== "schema" || claude?.takesSchema === false) {
    dropped.add("response_format");
    return null;
  }
  const { name, description, schema } = format;
  const jsonSchema = present({ schema: JSON.stringify(schema), name, description });
  return { textFormat: { type: "json_schema", structure: { jsonSchema } } };
}

function writeTier({ serviceTier }: CanonicalRequest, dropped: Set<string>): JsonValue {
  if (serviceTier === null || serviceTier === "auto") return null;
  if (TIERS.has(serviceTier)) return { type: serviceTier };
  dropped.add("service_tier");
  return null;
}

function writeNotes({ metadata }: CanonicalRequest, dropped: Set<string>): JsonValue {
  const entries = Object.entries(metadata ?? {});
  const notes = entries.filter(
    ([name, value]) => name !== "" && NOTE.test(name) && typeof value === "string" && NOTE.test(value),
  );
  if (notes.length < entries.length || notes.length > MAX_NOTES) dropped.add("metadata");
  return objectOrNull(Object.fromEntries(notes.slice(0, MAX_NOTES)));
}
