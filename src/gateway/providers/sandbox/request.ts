/** The chat request as the sandbox reads it: strict about what it acts on, indifferent to everything else. */
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../../kernel/json.ts";
import { SandboxRefusal } from "./refusal.ts";

const MAX_CHOICES = 8;

/** Anything that JSON can say. */
const json = z.custom<JsonValue>(() => true);
const jsonObject = z.custom<JsonObject>(isJsonObject, "must be an object");

const imageUrl = z
  .string()
  .regex(/^(?:https?:\/\/\S|data:image\/[\w.+-]+;base64,)/i, "must be a URL, or data:image/…;base64,…");
const part = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("image_url"), image_url: z.union([imageUrl, z.looseObject({ url: imageUrl })]) }),
  z.looseObject({
    type: z.literal("input_audio"),
    input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  }),
  z.looseObject({ type: z.literal("video_url"), video_url: z.looseObject({ url: z.string() }) }),
  z.looseObject({ type: z.literal("input_video"), video_url: z.looseObject({ url: z.string() }) }),
  z.looseObject({ type: z.literal("file"), file: z.looseObject({ filename: z.string().nullish() }) }),
]);
const content = z.union([z.string(), z.array(part)]);
/** An assistant's own content comes back as it was given out; only its text matters. */
const loosePart = z.looseObject({ type: z.string(), text: z.string().nullish() });
const toolCall = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }).optional(),
});
const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.enum(["system", "developer"]), content }),
  z.looseObject({ role: z.literal("user"), content }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(loosePart)]).nullish(),
    tool_calls: z.array(toolCall).nullish(),
  }),
  z.looseObject({
    role: z.literal("tool"),
    tool_call_id: z.string(),
    content: z.union([z.string(), z.array(loosePart)]),
  }),
]);

/** A function that the caller can run for the model. */
export const functionTool = z.looseObject({
  name: z.string().regex(/^[\w.:-]{1,128}$/, "must be 1 to 128 letters, digits, or _ - . :"),
  parameters: jsonObject.nullish(),
});
const tool = z.union([
  z.looseObject({ type: z.literal("function"), function: functionTool }),
  // Tools that some server runs by itself; the sandbox has none, so it never calls them.
  z.looseObject({ type: z.string().regex(/:/, 'must be "function"') }),
]);
const toolChoice = z.union(
  [
    z.enum(["none", "auto", "required"]),
    z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string() }) }),
  ],
  'must be "none", "auto", "required" or {"type": "function", "function": {"name": …}}',
);
const responseFormat = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({ name: z.string(), schema: z.union([jsonObject, z.boolean()]).nullish() }),
  }),
]);
const effort = z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);
const reasoning = z.looseObject({
  effort: effort.nullish(),
  max_tokens: z.int().min(1).nullish(),
  enabled: z.boolean().nullish(),
  exclude: z.boolean().nullish(),
});

const schema = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  n: z.int().min(1).max(MAX_CHOICES).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning: reasoning.nullish(),
  reasoning_effort: effort.nullish(),
  include_reasoning: z.boolean().nullish(),
  modalities: z.array(z.string()).nullish(),
  sandbox: json.optional(),
});

export type SandboxRequest = z.infer<typeof schema>;
export type SandboxMessage = z.infer<typeof message>;
export type Effort = z.infer<typeof effort>;

const utf8 = new TextDecoder();

/** Throws SandboxRefusal, which names the field. */
export function readRequest(body: Uint8Array): SandboxRequest {
  const parsed = parseJson(utf8.decode(body));
  if (!parsed.ok) throw new SandboxRefusal(`The body is not valid JSON: ${parsed.reason}.`);
  const checked = schema.safeParse(parsed.value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const param = issue ? pathOf(issue.path) : "";
  const reason = issue?.message.replace(/^Invalid input: /, "") ?? "is not a chat request";
  throw new SandboxRefusal(`${param === "" ? "The body" : param}: ${reason}`, param === "" ? null : param);
}

/** The text of a message; parts that are no text are left out. */
export function textOf(message: SandboxMessage): string {
  const { content: said } = message;
  if (typeof said === "string") return said;
  const texts: string[] = [];
  for (const one of said ?? []) if (typeof one.text === "string") texts.push(one.text);
  return texts.join("\n");
}

/** The last message of the user, undefined when there is none. */
export function lastUserMessage(request: SandboxRequest) {
  return request.messages.findLast((candidate) => candidate.role === "user");
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`))
    .join("");
}
