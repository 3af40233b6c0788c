/**
 * The tools of a Responses request for providers of other dialects. A custom tool, whose input is plain text, becomes a
 * function with one text field; the tools of a namespace become functions with the namespace before their names. Calls
 * come back under the same names, so the way back is found in the request itself.
 */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { FunctionTool, Tool, ToolChoice } from "../../canonical/request.ts";
import { Fields } from "../fields.ts";
import { readCacheMark } from "../openai-chat/content.ts";

/** How the client calls a tool that the provider knows by a flat name. */
export interface CalledTool {
  kind: "function" | "custom";
  name: string;
  namespace: string | null;
}

/** The one field of the function that a custom tool becomes. */
const CUSTOM_INPUT = "input";

interface ReadTool {
  tool: Tool;
  /** Null for tools that the provider runs by itself. */
  called: CalledTool | null;
}

/** Throws GapuraError invalid_field. */
export function readTools(body: Fields): ReadTool[] {
  return body.children("tools").flatMap((tool) => readTool(tool, null));
}

/** Which of the client's tools a provider means, by the name that it was told. */
export function calledTools(body: JsonObject): ReadonlyMap<string, CalledTool> {
  return new Map(
    readTools(new Fields(body)).flatMap(({ called }) =>
      called ? [[flatName(called.namespace, called.name), called] as const] : [],
    ),
  );
}

export function flatName(namespace: string | null, name: string): string {
  if (namespace === null) return name;
  return namespace.endsWith("_") ? namespace + name : `${namespace}__${name}`;
}

/** The arguments of the function that stands for a custom tool. */
export function customArguments(input: string): string {
  return JSON.stringify({ [CUSTOM_INPUT]: input });
}

/** The plain text that a model meant for a custom tool; what it wrote as it is when it did not keep to the schema. */
export function customInput(argumentsText: string): string {
  try {
    const parsed: unknown = JSON.parse(argumentsText);
    const input = typeof parsed === "object" && parsed !== null && CUSTOM_INPUT in parsed ? parsed[CUSTOM_INPUT] : null;
    return typeof input === "string" ? input : argumentsText;
  } catch {
    return argumentsText;
  }
}

function readTool(fields: Fields, namespace: string | null): ReadTool[] {
  const type = fields.requiredText("type");
  if (type === "namespace") {
    const name = fields.requiredText("name");
    return fields.children("tools").flatMap((inner) => readTool(inner, name));
  }
  if (type !== "function" && type !== "custom") {
    return [{ tool: { kind: "native", dialect: "openai-responses", declaration: fields.object }, called: null }];
  }
  const name = fields.requiredText("name");
  const flat = { kind: "function" as const, name: flatName(namespace, name), cache: readCacheMark(fields) };
  const tool: FunctionTool =
    type === "custom"
      ? { ...flat, ...customFunction(fields) }
      : {
          ...flat,
          description: fields.text("description"),
          parameters: fields.record("parameters"),
          strict: fields.flag("strict"),
        };
  return [{ tool, called: { kind: type, name, namespace } }];
}

function customFunction(fields: Fields): Pick<FunctionTool, "description" | "parameters" | "strict"> {
  const format = fields.child("format");
  const grammar = format?.text("type") === "grammar" ? format : null;
  const lines = [
    fields.text("description") ?? "",
    `Put the whole input, as plain text, into the field "${CUSTOM_INPUT}".`,
    grammar ? `It must follow this ${grammar.text("syntax") ?? ""} grammar:\n${grammar.text("definition") ?? ""}` : "",
  ];
  return {
    description: lines.filter((line) => line !== "").join("\n\n"),
    parameters: {
      type: "object",
      properties: { [CUSTOM_INPUT]: { type: "string" } },
      required: [CUSTOM_INPUT],
      additionalProperties: false,
    },
    strict: null,
  };
}

export interface ReadChoice {
  choice: ToolChoice | null;
  /** Flat names of the only tools that may be used; null for all. */
  allowed: ReadonlySet<string> | null;
}

/** Throws GapuraError invalid_field for a tool that only OpenAI's own servers run. */
export function readToolChoice(body: Fields): ReadChoice {
  const choice: JsonValue = body.object.tool_choice ?? null;
  if (choice === null) return { choice: null, allowed: null };
  if (choice === "auto" || choice === "none" || choice === "required")
    return { choice: { kind: choice }, allowed: null };
  if (typeof choice === "string") throw body.wrong("tool_choice", "must be auto, none, required or an object");
  const fields = Fields.of(choice, body.path("tool_choice"));
  const type = fields.text("type");
  if (type === "function" || type === "custom") {
    return { choice: { kind: "function", name: nameOf(fields) }, allowed: null };
  }
  if (type === "allowed_tools") {
    const kind = fields.word("mode", ["auto", "required"]) ?? "auto";
    const named = fields.children("tools").filter((tool) => tool.has("name"));
    return { choice: { kind }, allowed: new Set(named.map(nameOf)) };
  }
  throw fields.wrong(
    "type",
    `is ${type ?? "missing"}, which only OpenAI's own servers can run; use auto or a function`,
  );
}

function nameOf(fields: Fields): string {
  return flatName(fields.text("namespace"), fields.requiredText("name"));
}
