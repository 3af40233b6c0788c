/** Anthropic's Messages: what was read from the cache is counted beside the input, and thoughts are signed. */
import type { ContentBlock, Message } from "@anthropic-ai/sdk/resources";
import {
  type AnthropicPiece,
  eventsOf,
  messagesStream,
  USAGE as NO_SPECIAL_USAGE,
  type StreamedEvent,
} from "../../support/upstreams/anthropic-messages.ts";
import { SIGNATURE } from "../../support/upstreams/anthropic-rules.ts";
import type { Told, Voice } from "../told.ts";

const ENDINGS = { stop: "end_turn", length: "max_tokens", tool_calls: "tool_use", content_filter: "refusal" } as const;
const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function whole(told: Told): Message {
  const content: ContentBlock[] = [];
  const { thoughts, usage } = told;
  if (thoughts) content.push({ type: "thinking", thinking: thoughts, signature: SIGNATURE });
  if (told.text) content.push({ type: "text", text: told.text, citations: null });
  for (const { id, name, input } of told.calls) {
    content.push({ type: "tool_use", id, name, input, caller: { type: "direct" } });
  }
  return {
    id: "msg_abc",
    type: "message",
    role: "assistant",
    model: "claude-upstream",
    container: null,
    diagnostics: null,
    content,
    stop_reason: ENDINGS[told.ending],
    stop_sequence: null,
    stop_details: null,
    usage: {
      ...NO_SPECIAL_USAGE,
      cache_creation_input_tokens: 0,
      cache_creation: null,
      input_tokens: (usage?.prompt ?? 0) - (usage?.cached ?? 0),
      cache_read_input_tokens: usage?.cached ?? 0,
      output_tokens: usage?.completion ?? 0,
      output_tokens_details: usage?.reasoning ? { thinking_tokens: usage.reasoning } : null,
    },
  };
}

export const messagesVoice: Voice<AnthropicPiece> = {
  form: messagesStream,
  whole,
  stream: (told) => eventsOf(whole(told)),
  failure: (message) => ({ type: "error", error: { type: "overloaded_error", message } }) as StreamedEvent,
  refusal: (message, status) => ({
    body: { type: "error", error: { type: TYPES[status] ?? "api_error", message }, request_id: "req_abc" },
    headers: { "retry-after": "7" },
  }),
  unknown: { type: "content_block_sparkle", index: 0 } as unknown as StreamedEvent,
  seal: SIGNATURE,
  cannot: ["refusal", "picture", "no usage"],
};
