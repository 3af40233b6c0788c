/**
 * Zero-completion insurance: whoever got nothing pays nothing, whatever the provider says that it used. Pure.
 */
import type { ApiType } from "../canonical/dialects.ts";

export interface AnswerEnd {
  apiType: ApiType;
  /** The client left; what it had until then is another matter. */
  cancelled: boolean;
  /** Null where the answer did not say why it ended; "error" also for one that broke off. */
  finishReason: string | null;
  completionTokens: number;
}

/** Kinds of call whose good answers have neither tokens nor a reason to end. */
const WITHOUT_TOKENS: ReadonlySet<ApiType> = new Set(["embeddings", "rerank"]);

/** True for an answer that ended with an error, and for an empty one that does not even say why it ended. */
export function isInsured({ apiType, cancelled, finishReason, completionTokens }: AnswerEnd): boolean {
  if (cancelled) return false;
  if (finishReason === "error") return true;
  return finishReason === null && completionTokens === 0 && !WITHOUT_TOKENS.has(apiType);
}
