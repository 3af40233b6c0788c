/** Why an answer ended: Anthropic's words and OpenRouter's. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { FinishReason } from "../../canonical/events.ts";

const MEANINGS: Readonly<Record<string, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  compaction: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** A word that is not known yet is an ordinary end. */
export function finishReasonOf(stopReason: string): FinishReason {
  return Object.hasOwn(MEANINGS, stopReason) ? (MEANINGS[stopReason] ?? "stop") : "stop";
}

/** How an answer ended, as canonical events tell it. */
export interface Ending {
  reason: FinishReason;
  native: string | null;
  stopSequence: string | null;
}

/**
 * The fields of an answer that say why it ended. An answer that calls tools ends for that, whatever a server calls it:
 * clients would otherwise not run them.
 */
export function stopFields({ reason, native, stopSequence }: Ending, hasToolCalls: boolean): JsonObject {
  const own = native !== null && Object.hasOwn(MEANINGS, native) && MEANINGS[native] === reason ? native : null;
  const word = reason === "stop" && hasToolCalls ? "tool_use" : (own ?? wordFor(reason, stopSequence));
  return {
    stop_reason: word,
    stop_sequence: word === "stop_sequence" ? stopSequence : null,
    stop_details: word === "refusal" ? refusalDetails(reason, native) : null,
  };
}

function wordFor(reason: FinishReason, stopSequence: string | null): string {
  if (reason === "stop") return stopSequence === null ? "end_turn" : "stop_sequence";
  if (reason === "length") return "max_tokens";
  return reason === "tool_calls" ? "tool_use" : "refusal";
}

/** Anthropic has no word for an answer that its provider gave up; it must not look like a finished one. */
function refusalDetails(reason: FinishReason, native: string | null): JsonObject {
  const explanation = reason === "error" ? `The provider ended its answer with an error (${native ?? "error"}).` : null;
  return { type: "refusal", category: null, explanation };
}
