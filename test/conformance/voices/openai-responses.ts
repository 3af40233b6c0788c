/** OpenAI's Responses API: thoughts are a summary beside what is encrypted, pictures are items of their own. */
import type { ResponseOutputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import {
  ENCRYPTED,
  eventsOf,
  type ResponsesPiece,
  responsesStream,
  responseWith,
} from "../../support/upstreams/openai-responses.ts";
import type { Told, Voice } from "../told.ts";

function outputOf(told: Told): ResponseOutputItem[] {
  const items: ResponseOutputItem[] = [];
  if (told.thoughts) {
    const summary = [{ type: "summary_text" as const, text: told.thoughts }];
    items.push({ id: "rs_abc", type: "reasoning", summary, encrypted_content: ENCRYPTED });
  }
  const message = { id: "msg_abc", type: "message", role: "assistant", status: "completed" } as const;
  if (told.text) {
    items.push({ ...message, content: [{ type: "output_text", text: told.text, annotations: [], logprobs: [] }] });
  }
  if (told.refusal) items.push({ ...message, content: [{ type: "refusal", refusal: told.refusal }] });
  if (told.picture) {
    const format = { output_format: told.picture.mediaType.slice("image/".length) };
    const picture = { id: "ig_abc", type: "image_generation_call", status: "completed" } as const;
    items.push({ ...picture, result: told.picture.data, ...format } as ResponseOutputItem);
  }
  for (const { id, name, input } of told.calls) {
    const args = JSON.stringify(input);
    items.push({ id: `fc_${id}`, type: "function_call", call_id: id, name, arguments: args, status: "completed" });
  }
  return items;
}

function whole(told: Told): ReturnType<typeof responseWith> {
  const { usage } = told;
  const response = responseWith(outputOf(told), {
    ...(told.ending === "length"
      ? { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }
      : told.ending === "content_filter"
        ? { status: "incomplete", incomplete_details: { reason: "content_filter" } }
        : {}),
    ...(usage && {
      usage: {
        input_tokens: usage.prompt,
        input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: 0 },
        output_tokens: usage.completion,
        output_tokens_details: { reasoning_tokens: usage.reasoning },
        total_tokens: usage.prompt + usage.completion,
      },
    }),
  });
  if (usage === null) delete response.usage;
  return response;
}

export const responsesVoice: Voice<ResponsesPiece> = {
  form: responsesStream,
  whole,
  stream: (told) => eventsOf(whole(told)),
  failure: (message) => ({ type: "error", code: "server_error", message, param: null, sequence_number: 0 }),
  refusal: (message) => ({
    body: { error: { message, type: "error", param: null, code: null } },
    headers: { "retry-after": "7" },
  }),
  unknown: { type: "response.sparkle.delta", delta: "✨", sequence_number: 0 } as unknown as ResponseStreamEvent,
  seal: ENCRYPTED,
  cannot: [],
};
