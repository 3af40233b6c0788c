/** A conversation of the Playground and the requests that it makes. Pure. */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../../src/kernel/json.ts";

export interface Attachment {
  name: string;
  isImage: boolean;
  /** The whole file. */
  dataUrl: string;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as the model wrote it. */
  arguments: string;
  /** What the person typed as the tool's answer. */
  result: string;
}

/** One answer of one model. */
export interface Reply {
  state: "running" | "done" | "stopped" | "failed";
  text: string;
  reasoning: string;
  /** Pictures of the answer, as data URLs. */
  images: readonly string[];
  toolCalls: readonly ToolCall[];
  /** What went wrong; null when nothing did. */
  failure: { code: string; words: string; requestId: string | undefined } | null;
  generationId: string | null;
  provider: string | null;
  finishReason: string | null;
  /** From sending until now, or until the end. */
  elapsedMs: number;
  firstTokenMs: number | null;
  promptTokens: number | null;
  /** Counted by the provider; while it runs, by what has come. */
  completionTokens: number;
  areTokensExact: boolean;
  /** Exact dollars; null until the end, and for no known price. */
  costUsd: string | null;
}

/** What was said, and what each model answered: several replies where tools were called in between. */
export interface Turn {
  id: string;
  text: string;
  attachments: readonly Attachment[];
  replies: Readonly<Record<string, readonly Reply[]>>;
}

export const EMPTY_SETTINGS = {
  system: "",
  temperature: "",
  topP: "",
  maxTokens: "",
  seed: "",
  stop: "",
  effort: "",
  tools: "",
  schema: "",
};
export type Settings = typeof EMPTY_SETTINGS;
export type SettingName = keyof Settings;

export const EFFORTS = ["none", "minimal", "low", "medium", "high"] as const;

export const NEW_REPLY: Reply = {
  state: "running",
  text: "",
  reasoning: "",
  images: [],
  toolCalls: [],
  failure: null,
  generationId: null,
  provider: null,
  finishReason: null,
  elapsedMs: 0,
  firstTokenMs: null,
  promptTokens: null,
  completionTokens: 0,
  areTokensExact: false,
  costUsd: null,
};

/** Which settings cannot be sent as they stand, each by what is wrong with it. */
export type SettingProblems = Partial<Record<SettingName, "number" | "json" | "toolList" | "object">>;

const RANGES = {
  temperature: [0, 2],
  topP: [0, 1],
  maxTokens: [1, 10_000_000],
  seed: [-2_147_483_648, 2_147_483_647],
} as const;

export function settingProblems(settings: Settings): SettingProblems {
  const problems: SettingProblems = {};
  for (const name of ["temperature", "topP", "maxTokens", "seed"] as const) {
    const text = settings[name].trim();
    const value = Number(text);
    const [least, most] = RANGES[name];
    const isWhole = name === "maxTokens" || name === "seed";
    const isFine = value >= least && value <= most && (!isWhole || Number.isInteger(value));
    if (text !== "" && !isFine) problems[name] = "number";
  }
  const tools = parsed(settings.tools);
  if (tools === undefined) problems.tools = "json";
  else if (tools !== null && !Array.isArray(tools)) problems.tools = "toolList";
  const schema = parsed(settings.schema);
  if (schema === undefined) problems.schema = "json";
  else if (schema !== null && (typeof schema !== "object" || Array.isArray(schema))) problems.schema = "object";
  return problems;
}

/** Null for nothing, undefined for what is no JSON. */
function parsed(text: string): JsonValue | undefined {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface BodyOf {
  model: string;
  settings: Settings;
  turns: readonly Turn[];
}

/** The body of the request that asks this model to go on. The settings must have no problem. */
export function bodyOf({ model, settings, turns }: BodyOf): JsonObject {
  const system = settings.system.trim();
  const tools = parsed(settings.tools);
  const schema = parsed(settings.schema);
  const stop = settings.stop.split("\n").filter(Boolean);
  const number = (text: string) => (text.trim() === "" ? undefined : Number(text));
  const body = {
    model,
    messages: [...(system ? [{ role: "system", content: system }] : []), ...messagesOf(model, turns)],
    stream: true,
    temperature: number(settings.temperature),
    top_p: number(settings.topP),
    max_tokens: number(settings.maxTokens),
    seed: number(settings.seed),
    stop: stop.length === 0 ? undefined : stop,
    reasoning: settings.effort === "" ? undefined : { effort: settings.effort },
    tools: tools ?? undefined,
    response_format: isJsonObject(schema) ? { type: "json_schema", json_schema: formatOf(schema) } : undefined,
  };
  return JSON.parse(JSON.stringify(body));
}

/** A schema alone; or with its name around it, as requests have it, and as people paste it. */
function formatOf(schema: JsonObject): JsonObject {
  const named = objectField(schema, "json_schema") ?? schema;
  if (objectField(named, "schema") === undefined) return { name: "answer", strict: true, schema };
  return { name: "answer", strict: true, ...named };
}

function messagesOf(model: string, turns: readonly Turn[]): JsonObject[] {
  return turns.flatMap((turn): JsonObject[] => {
    const said = (turn.replies[model] ?? []).filter(({ state }) => state === "done" || state === "stopped");
    return [{ role: "user", content: contentOf(turn) }, ...said.flatMap(answerMessages)];
  });
}

function contentOf({ text, attachments }: Turn): JsonValue {
  if (attachments.length === 0) return text;
  const parts = attachments.map(({ name, isImage, dataUrl }) =>
    isImage
      ? { type: "image_url", image_url: { url: dataUrl } }
      : { type: "file", file: { filename: name, file_data: dataUrl } },
  );
  return [...(text ? [{ type: "text", text }] : []), ...parts];
}

function answerMessages({ text, toolCalls }: Reply): JsonObject[] {
  if (toolCalls.length === 0) return [{ role: "assistant", content: text }];
  const calls = toolCalls.map(({ id, name, arguments: given }) => ({
    id,
    type: "function",
    function: { name, arguments: given },
  }));
  const results = toolCalls.map(({ id, result }) => ({ role: "tool", tool_call_id: id, content: result }));
  return [{ role: "assistant", content: text || null, tool_calls: calls }, ...results];
}

/** Turns with one model's replies replaced; a turn that is not there changes nothing. */
export function withReplies(
  turns: readonly Turn[],
  { turnId, model }: { turnId: string; model: string },
  change: (replies: readonly Reply[]) => readonly Reply[],
): readonly Turn[] {
  return turns.map((turn) =>
    turn.id === turnId ? { ...turn, replies: { ...turn.replies, [model]: change(turn.replies[model] ?? []) } } : turn,
  );
}

/** The last reply's calls with what their tools came to. */
export function withResults(replies: readonly Reply[], results: readonly string[]): readonly Reply[] {
  return replies.map((reply, index) => {
    if (index < replies.length - 1) return reply;
    return { ...reply, toolCalls: reply.toolCalls.map((call, at) => ({ ...call, result: results[at] ?? "" })) };
  });
}
