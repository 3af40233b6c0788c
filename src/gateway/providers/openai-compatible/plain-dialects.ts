/** The dialects that are never streamed and need no translation: embeddings and reranking, as most servers speak them. */
import { arrayField, isJsonObject, type JsonObject, objectField } from "../../../kernel/json.ts";
import type { NativeUpstream, UpstreamDialect } from "../../canonical/dialects.ts";
import { GATEWAY_FIELDS } from "./quirks.ts";

/** The fields that a server calls otherwise, made from the body, and the names that they have there. */
export type InItsWords = (body: JsonObject) => { sets: JsonObject; takes: readonly string[] };

/** `rejects` are fields that this server does not take; they are left out and reported. */
export function embeddingsDialect(rejects: readonly string[] = [], inItsWords?: InItsWords): UpstreamDialect {
  return { name: "embeddings", framing: "sse", native: { edits: editsInItsWords(rejects, inItsWords) } };
}

function editsInItsWords(rejects: readonly string[], inItsWords?: InItsWords): NativeUpstream["edits"] {
  const plain = editsWithout(rejects);
  return (body, target) => {
    const { set, remove, dropped } = plain(body, target);
    const { sets, takes } = inItsWords?.(body) ?? { sets: {}, takes: [] };
    const further = Object.entries(sets).map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
    return { set: new Map([...set, ...further]), remove: new Set([...remove, ...takes]), dropped };
  };
}

/** Answers are read as Cohere, Jina, vLLM and their like write them. */
export function rerankDialect(rejects: readonly string[] = [], inItsWords?: InItsWords): UpstreamDialect {
  const edits = editsInItsWords(rejects, inItsWords);
  return { name: "rerank", framing: "sse", native: { edits, readAnswer: ordinaryRanking } };
}

/** The model's own name, without the gateway's fields and those that this server rejects. */
export function editsWithout(rejects: readonly string[], keeps: readonly string[] = []): NativeUpstream["edits"] {
  const steering = GATEWAY_FIELDS.filter((field) => !keeps.includes(field));
  return (body, { upstreamModel }) => {
    const set = new Map<string, string>();
    if (body.model !== upstreamModel) set.set("model", JSON.stringify(upstreamModel));
    const dropped = rejects.filter((field) => field in body);
    return { set, remove: new Set([...steering, ...dropped]), dropped };
  };
}

/** Results under `data`, scores named `score`, and units under `meta`, in their ordinary places. */
function ordinaryRanking(answer: JsonObject): JsonObject {
  // Perhaps an error that came with a good status: an empty ranking would hide it.
  if (!Array.isArray(answer.results) && !Array.isArray(answer.data)) return answer;
  const results = Array.isArray(answer.results) ? answer.results : arrayField(answer, "data");
  const meta = objectField(answer, "meta") ?? {};
  const units = objectField(meta, "billed_units")?.search_units;
  const usage = objectField(answer, "usage") ?? objectField(meta, "tokens") ?? {};
  return {
    ...answer,
    results: results.map((result) =>
      isJsonObject(result) && result.relevance_score === undefined
        ? { ...result, relevance_score: result.score ?? null }
        : result,
    ),
    usage: {
      ...usage,
      ...(typeof usage.input_tokens === "number" ? { prompt_tokens: usage.input_tokens } : {}),
      ...(typeof units === "number" ? { search_units: units } : {}),
    },
  };
}
