/**
 * OpenAI's Responses API as a provider speaks it. Bodies of Responses clients pass through with the few edits that the
 * provider's quirks ask for; bodies of other dialects are written from the canonical form.
 *
 * Invariant: nothing is ever stored at the provider, so that thoughts travel encrypted with the conversation.
 */
import { isJsonObject, type JsonObject, type JsonValue, objectField, stringField } from "../../../kernel/json.ts";
import type { NativeUpstream, Target, UpstreamDialect } from "../../canonical/dialects.ts";
import type { Effort } from "../../canonical/request.ts";
import { withoutCacheMarks } from "../openai-compatible/cache-marks.ts";
import { GATEWAY_FIELDS } from "../openai-compatible/quirks.ts";
import { isHarmless, nearestEffort } from "../openai-compatible/values.ts";
import { ownItems } from "./own-items.ts";
import { PLAIN_RESPONSES, type ResponsesQuirks } from "./quirks.ts";
import { readResponseAnswer } from "./read-answer.ts";
import { ResponsesReader } from "./read-stream.ts";
import { writeResponsesRequest } from "./write-request.ts";

export function responsesDialect(special: Partial<ResponsesQuirks> = {}): UpstreamDialect {
  const quirks = { ...PLAIN_RESPONSES, ...special };
  const thoughts = quirks.thoughts ?? PLAIN_RESPONSES.thoughts;
  return {
    name: "openai-responses",
    framing: "sse",
    native: { edits: (body, target) => editsFor(body, target, quirks) },
    canonical: {
      write: (request, target) => {
        const written = writeResponsesRequest(request, target, quirks.thoughts);
        const edits = editsFor(written.body, target, quirks);
        return { body: applied(written.body, edits), dropped: [...new Set([...written.dropped, ...edits.dropped])] };
      },
      readAnswer: (answer: JsonValue) => (isJsonObject(answer) ? readResponseAnswer(answer, thoughts) : undefined),
      reader: () => new ResponsesReader(thoughts),
    },
  };
}

type Edits = ReturnType<NativeUpstream["edits"]>;
interface Editing {
  set: Map<string, string>;
  remove: Set<string>;
  dropped: string[];
}

function editsFor(body: JsonObject, { upstreamModel }: Target, quirks: ResponsesQuirks): Edits {
  const edits: Editing = { set: new Map(), remove: new Set(), dropped: [] };
  const set = (field: string, value: JsonValue) => edits.set.set(field, JSON.stringify(value));
  if (body.model !== upstreamModel) set("model", upstreamModel);
  if (body.store !== false) set("store", false);
  for (const field of GATEWAY_FIELDS) if (field in body && !quirks.keeps.includes(field)) edits.remove.add(field);
  const bare = (list: readonly JsonValue[]) =>
    quirks.rejects.includes("cache_control") ? withoutCacheMarks(list) : list;
  const rewrite = (field: string, own: readonly JsonValue[]) => {
    const unmarked = bare(own);
    if (unmarked !== own) edits.dropped.push("cache_control");
    if (unmarked !== body[field]) set(field, [...unmarked]);
  };
  if (Array.isArray(body.input)) rewrite("input", ownItems(body.input, quirks.thoughts));
  if (Array.isArray(body.tools)) rewrite("tools", body.tools);
  const rejected = [...quirks.rejects, ...(quirks.rejectsFor?.(body, upstreamModel) ?? [])];
  const efforts = quirks.efforts(upstreamModel);
  if (efforts !== "any") editReasoning(body, efforts, edits);
  editInclude(body, { asksThoughts: efforts !== "any" && efforts !== null, rejected }, edits);
  editText(body, quirks.takesVerbosity(upstreamModel), edits);
  for (const field of rejected) {
    if (!(field in body) || edits.remove.has(field)) continue;
    edits.remove.add(field);
    if (!isHarmless(field, body[field])) edits.dropped.push(field);
  }
  return { ...edits, dropped: [...new Set(edits.dropped)] };
}

/** OpenRouter's `reasoning` in the words of the model, and its thoughts asked for in a form that can be given back. */
function editReasoning(body: JsonObject, efforts: readonly Effort[] | null, edits: Editing): void {
  const wish = objectField(body, "reasoning");
  if (efforts === null) {
    if (wish === undefined) return;
    edits.remove.add("reasoning");
    const asks =
      wish.enabled !== false && wish.effort !== "none" && Object.values(wish).some((value) => value !== null);
    if (asks) edits.dropped.push("reasoning");
    return;
  }
  if (wish === undefined) return;
  const { enabled, max_tokens: maxTokens, exclude: _, ...rest } = wish;
  const asked = stringField(wish, "effort") ?? (enabled === false ? "none" : undefined);
  const effort = asked === undefined ? undefined : (nearestEffort(asked, efforts) ?? asked);
  const written = { ...rest, ...(effort === undefined ? {} : { effort }) };
  if (JSON.stringify(written) !== JSON.stringify(wish)) edits.set.set("reasoning", JSON.stringify(written));
  if (typeof maxTokens === "number" && asked === undefined) edits.dropped.push("reasoning");
}

/** Since nothing is stored, thoughts come to the client encrypted, and it gives them back with the rest of the answer. */
function editInclude(
  body: JsonObject,
  { asksThoughts, rejected }: { asksThoughts: boolean; rejected: readonly string[] },
  edits: Editing,
): void {
  const asked = Array.isArray(body.include) ? body.include : [];
  const include = rejected.includes("top_logprobs") ? asked.filter((name) => name !== LOGPROBS) : [...asked];
  if (include.length < asked.length) edits.dropped.push("logprobs");
  if (asksThoughts && !include.includes(ENCRYPTED)) include.push(ENCRYPTED);
  if (JSON.stringify(include) !== JSON.stringify(asked)) edits.set.set("include", JSON.stringify(include));
}

const LOGPROBS = "message.output_text.logprobs";
const ENCRYPTED = "reasoning.encrypted_content";

function editText(body: JsonObject, takesVerbosity: boolean, edits: Editing): void {
  const text = objectField(body, "text");
  if (takesVerbosity || text?.verbosity === undefined) return;
  const { verbosity, ...rest } = text;
  edits.set.set("text", JSON.stringify(rest));
  if (verbosity !== null && verbosity !== "medium") edits.dropped.push("verbosity");
}

function applied(body: JsonObject, { set, remove }: Edits): JsonObject {
  const kept = Object.entries(body).filter(([name]) => !remove.has(name) || set.has(name));
  const added = [...set].map(([name, text]): [string, JsonValue] => [name, JSON.parse(text)]);
  return Object.fromEntries([...kept, ...added]);
}
