/**
 * OpenAI's chat completions as a provider speaks them. Bodies of chat clients pass through with the few edits that the
 * provider's quirks ask for; bodies of other dialects are written from the canonical form.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../../kernel/json.ts";
import type { NativeUpstream, Target, UpstreamDialect } from "../../canonical/dialects.ts";
import type { ReasoningDetail } from "../../canonical/events.ts";
import type { CanonicalRequest } from "../../canonical/request.ts";
import { hasFailedResult } from "../writing.ts";
import { withoutCacheMarks } from "./cache-marks.ts";
import { type ChatQuirks, GATEWAY_FIELDS, type ThinkingWish, type ThoughtsBack } from "./quirks.ts";
import { readChatAnswer } from "./read-answer.ts";
import { ChatReader } from "./read-stream.ts";
import { ThinkTags } from "./think-tags.ts";
import { formerDetails, losesThoughts, ordinaryThoughts, returnedThoughts, wayBack } from "./thoughts.ts";
import { isHarmless } from "./values.ts";
import { isWritable, writeChatRequest } from "./write-request.ts";

export function chatDialect(quirks: ChatQuirks, keeps: readonly string[] = []): UpstreamDialect {
  const steering = GATEWAY_FIELDS.filter((field) => !keeps.includes(field));
  const how = { quirks, steering, renames: Object.entries(quirks.renames) };
  const ordinary = (answer: JsonObject) => ordinaryThoughts(quirks.readAnswer?.(answer) ?? answer);
  const newReader = () => {
    if (!quirks.thinksInContent) return ordinary;
    const tags = new ThinkTags();
    return (chunk: JsonObject) => ordinary(tags.read(chunk));
  };
  const native: NativeUpstream = {
    ...(quirks.takes ? { takes: quirks.takes } : {}),
    edits: (body, target) => editsFor(body, target, how),
    readAnswer: (answer) => newReader()(answer),
    readChunk: ordinary,
    ...(quirks.thinksInContent ? { chunkReader: newReader } : {}),
  };
  return {
    name: "openai-chat",
    framing: "sse",
    native,
    canonical: {
      write: (request, target) => {
        const written = writeChatRequest(request, target, quirks);
        const edits = editsFor(written, target, how);
        return {
          body: applied(written, edits),
          dropped: [...edits.dropped, ...unspoken(request, wayBack(quirks.returnsReasoning, target.upstreamModel))],
        };
      },
      readAnswer: (answer: JsonValue) => (isJsonObject(answer) ? readChatAnswer(newReader()(answer)) : undefined),
      reader: () => new ChatReader(newReader()),
    },
  };
}

/** What is the same for every body. */
interface HowToEdit {
  quirks: ChatQuirks;
  /** Fields that steer the gateway alone. */
  steering: readonly string[];
  /** From OpenRouter's name to its own. */
  renames: readonly (readonly [string, string])[];
}

type Edits = ReturnType<NativeUpstream["edits"]>;

function editsFor(body: JsonObject, target: Target, { quirks, steering, renames }: HowToEdit): Edits {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  const dropped: string[] = [];
  const takesNoMarks = quirks.rejects.includes("cache_control");
  if (body.model !== target.upstreamModel) set.set("model", JSON.stringify(target.upstreamModel));
  for (const field of steering) if (field in body) remove.add(field);
  for (const [from, to] of renames) {
    if (!(from in body)) continue;
    remove.add(from);
    if (!(to in body)) set.set(to, JSON.stringify(body[from]));
  }
  if (Array.isArray(body.messages)) {
    const returned = returnedThoughts(body.messages, quirks, target.upstreamModel);
    const unmarked = takesNoMarks ? withoutCacheMarks(returned) : returned;
    if (unmarked !== returned) dropped.push("cache_control");
    const rewritten = quirks.rewriteMessages?.(unmarked) ?? unmarked;
    if (rewritten !== body.messages) set.set("messages", JSON.stringify(rewritten));
    const way = wayBack(quirks.returnsReasoning, target.upstreamModel);
    if (losesThoughts(formerDetails(body.messages), way)) dropped.push("reasoning_details");
  }
  if (takesNoMarks && Array.isArray(body.tools)) {
    const unmarked = withoutCacheMarks(body.tools);
    if (unmarked !== body.tools) {
      set.set("tools", JSON.stringify(unmarked));
      dropped.push("cache_control");
    }
  }
  askForThoughts(body, { quirks, model: target.upstreamModel }, { set, remove, dropped });
  const edits = { set, remove, dropped };
  for (const field of quirks.rejects) reject(body, field, edits);
  for (const field of quirks.rejectsFor?.(body, target.upstreamModel) ?? []) reject(body, field, edits);
  if (!quirks.takesStreamOptions) remove.add("stream_options");
  return dropped.length < 2 ? edits : { set, remove, dropped: [...new Set(dropped)] };
}

function reject(
  body: JsonObject,
  field: string,
  { remove, dropped }: { remove: Set<string>; dropped: string[] },
): void {
  if (!(field in body) || remove.has(field)) return;
  remove.add(field);
  if (!isHarmless(field, body[field])) dropped.push(field);
}

/** OpenRouter's `reasoning` in the words of this server. */
function askForThoughts(
  body: JsonObject,
  { quirks: { asksReasoning }, model }: { quirks: ChatQuirks; model: string },
  edits: { set: Map<string, string>; remove: Set<string>; dropped: string[] },
): void {
  if (asksReasoning === "reasoning") return;
  const wish = thinkingWish(body);
  if ("reasoning" in body) edits.remove.add("reasoning");
  if ("include_reasoning" in body) edits.remove.add("include_reasoning");
  if (asksReasoning === "reasoning_effort") {
    const effort = wish.effort ?? (wish.enabled === false ? "none" : null);
    if (effort !== null && body.reasoning_effort !== effort) edits.set.set("reasoning_effort", JSON.stringify(effort));
    if (wish.maxTokens !== null) edits.dropped.push("reasoning");
    return;
  }
  const asked = asksReasoning === "nothing" ? {} : asksReasoning(wish, model);
  for (const field in asked) edits.set.set(field, JSON.stringify(asked[field]));
  if ("reasoning_effort" in body && !("reasoning_effort" in asked)) edits.remove.add("reasoning_effort");
  const isAsked = wish.enabled !== null || wish.effort !== null || wish.maxTokens !== null;
  if (isAsked && Object.keys(asked).length === 0)
    edits.dropped.push("reasoning" in body ? "reasoning" : "reasoning_effort");
}

function thinkingWish(body: JsonObject): ThinkingWish {
  const wish = objectField(body, "reasoning") ?? {};
  const effort = stringField(wish, "effort") ?? stringField(body, "reasoning_effort") ?? null;
  const enabled = typeof wish.enabled === "boolean" ? wish.enabled : null;
  return {
    enabled: effort === "none" ? false : enabled,
    effort,
    maxTokens: typeof wish.max_tokens === "number" ? wish.max_tokens : null,
  };
}

/** What a request of another dialect holds and this server has no word for. */
function unspoken(request: CanonicalRequest, way: ThoughtsBack): string[] {
  const thoughts = request.messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === "reasoning" ? [{ isSealed: isSealed(part.detail) }] : [])),
  );
  return [
    ...(request.tools.every(isWritable) ? [] : ["tools"]),
    ...(losesThoughts(thoughts, way) ? ["reasoning_details"] : []),
    ...(hasFailedResult(request) ? ["is_error"] : []),
  ];
}

function isSealed(detail: ReasoningDetail): boolean {
  return detail.kind === "encrypted" || (detail.kind === "text" && detail.signature !== null);
}

function applied(body: JsonObject, { set, remove }: Edits): JsonObject {
  const kept = Object.entries(body).filter(([name]) => !remove.has(name) || set.has(name));
  const added = [...set].map(([name, text]): [string, JsonValue] => [name, JSON.parse(text)]);
  return Object.fromEntries([...kept, ...added]);
}
