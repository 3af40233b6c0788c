/** Tools and how freely the model may choose among them, in Gemini's words. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { CanonicalRequest, FunctionTool, Tool } from "../../canonical/request.ts";
import { present } from "../writing.ts";
import { geminiSchema } from "./schema.ts";

/** Tools that Google runs by itself, as they are declared: one field, named after the tool. */
const OWN_TOOLS: ReadonlySet<string> = new Set([
  ...["googleSearch", "googleSearchRetrieval", "googleMaps", "enterpriseWebSearch", "urlContext"],
  ...["codeExecution", "computerUse", "fileSearch", "retrieval"],
]);

export interface WrittenTools {
  tools: JsonObject[];
  toolConfig: JsonObject | null;
  dropped: string[];
}

export function writeTools({ tools, toolChoice }: CanonicalRequest): WrittenTools {
  const functions = tools.filter((tool) => tool.kind === "function");
  const own = tools.flatMap((tool) => (isOwn(tool) ? [tool.declaration] : []));
  const written = functions.length === 0 ? own : [{ functionDeclarations: functions.map(declaration) }, ...own];
  const isLost = functions.length + own.length < tools.length;
  const hasChoice = toolChoice !== null && functions.length > 0;
  return {
    tools: written,
    toolConfig: hasChoice ? { functionCallingConfig: callingConfig(toolChoice) } : null,
    dropped: isLost ? ["tools"] : [],
  };
}

function isOwn(tool: Tool): tool is Extract<Tool, { kind: "native" }> {
  if (tool.kind !== "native" || (tool.dialect !== "google-gemini" && tool.declaration.type !== undefined)) return false;
  const [name, ...others] = Object.keys(tool.declaration);
  return name !== undefined && others.length === 0 && OWN_TOOLS.has(name);
}

function declaration({ name, description, parameters }: FunctionTool): JsonObject {
  const hasNone = parameters === null || Object.keys(parameters).length === 0;
  return present({ name, description, parametersJsonSchema: hasNone ? null : geminiSchema(parameters) });
}

function callingConfig(choice: NonNullable<CanonicalRequest["toolChoice"]>): JsonObject {
  switch (choice.kind) {
    case "auto":
      return { mode: "AUTO" };
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "function":
      return { mode: "ANY", allowedFunctionNames: [choice.name] };
  }
}
