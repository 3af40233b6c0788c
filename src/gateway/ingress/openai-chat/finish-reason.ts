/** Why an answer ended, in the five words that OpenRouter's clients know; the provider's own word stands beside it. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { FinishReason } from "../../canonical/events.ts";

const KNOWN: readonly FinishReason[] = ["stop", "length", "tool_calls", "content_filter", "error"];
/** Words of other dialects by what they are about; the first that fits. */
const MEANINGS: readonly [RegExp, FinishReason][] = [
  [/tool|function/i, "tool_calls"],
  [/length|max|limit/i, "length"],
  [/filter|safety|refus|block|recitation|prohibit|sensitive/i, "content_filter"],
  [/error|fail|abort|cancel|insufficient/i, "error"],
];

/** Sets `finish_reason` and `native_finish_reason` of a choice: both null while it goes on. */
export function normalizeFinish(choice: JsonObject): void {
  const said = choice.finish_reason ?? null;
  choice.native_finish_reason ??= said;
  choice.finish_reason = typeof said === "string" ? finishReasonFor(said) : null;
}

/** The word of the five that a provider's own word means. */
export function finishReasonFor(native: string): FinishReason {
  const known = KNOWN.find((word) => word === native);
  if (known) return known;
  return MEANINGS.find(([pattern]) => pattern.test(native))?.[1] ?? "stop";
}
