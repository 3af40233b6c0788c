/** Why an answer ended, in the five words that OpenRouter's clients know; the provider's own word stands beside it. */
import type { JsonObject } from "../../../kernel/json.ts";

const KNOWN: ReadonlySet<string> = new Set(["stop", "length", "tool_calls", "content_filter", "error"]);
/** Words of other dialects by what they are about; the first that fits. */
const MEANINGS: readonly [RegExp, string][] = [
  [/tool|function/i, "tool_calls"],
  [/length|max|limit/i, "length"],
  [/filter|safety|refus|block|recitation|prohibit/i, "content_filter"],
  [/error|fail|abort|cancel/i, "error"],
];

/** Sets `finish_reason` and `native_finish_reason` of a choice: both null while it goes on. */
export function normalizeFinish(choice: JsonObject): void {
  const said = choice.finish_reason ?? null;
  choice.native_finish_reason ??= said;
  choice.finish_reason = typeof said === "string" ? finishReasonFor(said) : null;
}

function finishReasonFor(native: string): string {
  if (KNOWN.has(native)) return native;
  return MEANINGS.find(([pattern]) => pattern.test(native))?.[1] ?? "stop";
}
