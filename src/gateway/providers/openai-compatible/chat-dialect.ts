/**
 * OpenAI's chat completions as a provider speaks them. Bodies of chat clients pass through with the few edits that the
 * provider's quirks ask for; bodies of other dialects are written from the canonical form.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField } from "../../../kernel/json.ts";
import type { NativeUpstream, Target, UpstreamDialect } from "../../canonical/dialects.ts";
import { type ChatQuirks, GATEWAY_FIELDS } from "./quirks.ts";
import { readChatAnswer } from "./read-answer.ts";
import { ChatReader } from "./read-stream.ts";
import { ordinaryThoughts } from "./thoughts.ts";
import { writeChatRequest } from "./write-request.ts";

export function chatDialect(quirks: ChatQuirks, keeps: readonly string[] = []): UpstreamDialect {
  const steering = GATEWAY_FIELDS.filter((field) => !keeps.includes(field));
  const readChunk = (chunk: JsonObject) => ordinaryThoughts(quirks.readAnswer?.(chunk) ?? chunk);
  const native: NativeUpstream = {
    edits: (body, target) => editsFor(body, target, { quirks, steering }),
    readAnswer: readChunk,
    readChunk,
  };
  return {
    name: "openai-chat",
    framing: "sse",
    native,
    canonical: {
      write: (request, target) => {
        const written = writeChatRequest(request, target, quirks);
        const edits = editsFor(written, target, { quirks, steering });
        return { body: applied(written, edits), dropped: edits.dropped };
      },
      readAnswer: (answer: JsonValue) => (isJsonObject(answer) ? readChatAnswer(readChunk(answer)) : undefined),
      reader: () => new ChatReader(readChunk),
    },
  };
}

type Edits = ReturnType<NativeUpstream["edits"]>;

function editsFor(
  body: JsonObject,
  target: Target,
  { quirks, steering }: { quirks: ChatQuirks; steering: readonly string[] },
): Edits {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  const dropped: string[] = [];
  if (body.model !== target.upstreamModel) set.set("model", JSON.stringify(target.upstreamModel));
  for (const field of steering) if (field in body) remove.add(field);
  for (const [from, to] of Object.entries(quirks.renames)) {
    if (!(from in body)) continue;
    remove.add(from);
    if (!(to in body)) set.set(to, JSON.stringify(body[from]));
  }
  askForThoughts(body, quirks, { set, remove, dropped });
  for (const field of quirks.rejects) {
    if (!(field in body) || remove.has(field)) continue;
    remove.add(field);
    dropped.push(field);
  }
  if (!quirks.takesStreamOptions) remove.add("stream_options");
  return { set, remove, dropped };
}

/** OpenRouter's `reasoning` in the words of a server that has only an effort, or none. */
function askForThoughts(
  body: JsonObject,
  quirks: ChatQuirks,
  edits: { set: Map<string, string>; remove: Set<string>; dropped: string[] },
): void {
  if (quirks.asksReasoning === "reasoning") return;
  const wish = objectField(body, "reasoning");
  const takesEffort = quirks.asksReasoning === "reasoning_effort";
  if ("include_reasoning" in body) edits.remove.add("include_reasoning");
  if (wish) {
    edits.remove.add("reasoning");
    const effort = typeof wish.effort === "string" ? wish.effort : wish.enabled === false ? "none" : undefined;
    if (takesEffort && effort !== undefined && !("reasoning_effort" in body)) {
      edits.set.set("reasoning_effort", JSON.stringify(effort));
    }
    if (!takesEffort || typeof wish.max_tokens === "number") edits.dropped.push("reasoning");
  }
  if (!takesEffort && "reasoning_effort" in body) {
    edits.remove.add("reasoning_effort");
    edits.dropped.push("reasoning_effort");
  }
}

function applied(body: JsonObject, { set, remove }: Edits): JsonObject {
  const kept = Object.entries(body).filter(([name]) => !remove.has(name) || set.has(name));
  const added = [...set].map(([name, text]): [string, JsonValue] => [name, JSON.parse(text)]);
  return Object.fromEntries([...kept, ...added]);
}
