/** When the sandbox calls tools, and with what. */
import type { z } from "zod";
import type { Directives } from "./directives.ts";
import { SandboxRefusal } from "./refusal.ts";
import { functionTool, type SandboxRequest } from "./request.ts";
import { valueFor } from "./schema-value.ts";

export interface ToolCall {
  name: string;
  /** JSON text that the tool's schema accepts. */
  arguments: string;
}

/** Each call is some work; a text that mentions more tools gets the first of them. */
const MAX_CALLS = 8;

type FunctionTool = z.infer<typeof functionTool>;

/**
 * The calls of an answer; empty for an answer in words. A named tool is called; with "required" the ones that the user's
 * text mentions, or the first; else only mentioned ones, and none right after a tool's result. `[sandbox: tool=…]`
 * decides over all of it. Throws SandboxRefusal for a tool that was not declared.
 */
export function toolCalls(request: SandboxRequest, directives: Directives, userText: string): ToolCall[] {
  const tools = functionsOf(request);
  const choice = request.tool_choice ?? "auto";
  if (choice === "none") return [];
  const called = chosen(request, tools, { directives, userText });
  const limited = request.parallel_tool_calls === false ? called.slice(0, 1) : called.slice(0, MAX_CALLS);
  return limited.map((tool) => ({
    name: tool.name,
    arguments: JSON.stringify(valueFor(schemaOf(tool), `tools.${tool.name}.parameters`)),
  }));
}

function chosen(
  request: SandboxRequest,
  tools: readonly FunctionTool[],
  { directives, userText }: { directives: Directives; userText: string },
): FunctionTool[] {
  const choice = request.tool_choice ?? "auto";
  const isAfterResult = request.messages.at(-1)?.role === "tool";
  if (directives.tool !== undefined && !isAfterResult)
    return directives.tool.split(",").map((name) => named(tools, name.trim()));
  if (typeof choice === "object") return [named(tools, choice.function.name)];
  const words = plainWords(userText);
  const mentioned = tools.filter(({ name }) => words.includes(plainWords(name)));
  if (choice !== "required") return isAfterResult ? [] : mentioned;
  const [first] = tools;
  if (!first)
    throw new SandboxRefusal('tool_choice is "required", but no function is declared in tools.', "tool_choice");
  return mentioned.length > 0 ? mentioned : [first];
}

function functionsOf(request: SandboxRequest): FunctionTool[] {
  return (request.tools ?? []).flatMap((tool) => {
    const declared = functionTool.safeParse(tool.function);
    return declared.success ? [declared.data] : [];
  });
}

function named(tools: readonly FunctionTool[], name: string): FunctionTool {
  const tool = tools.find((one) => one.name === name);
  if (tool) return tool;
  const known =
    tools.length === 0 ? "none is" : `${tools.map((one) => one.name).join(", ")} ${tools.length === 1 ? "is" : "are"}`;
  throw new SandboxRefusal(
    `The tool ${JSON.stringify(name.slice(0, 60))} is not declared in tools; ${known}.`,
    "tools",
  );
}

/** A name counts as mentioned in any case, with spaces for its joints: "get weather" for get_weather. */
function plainWords(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["_"];
  return ` ${words.join(" ")} `;
}

function schemaOf(tool: FunctionTool) {
  return { type: "object", properties: {}, ...tool.parameters };
}
