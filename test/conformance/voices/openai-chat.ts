/** A plain server of OpenAI's chat dialect, whose thoughts come as OpenRouter has them; and Azure, which hides them. */
import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { type AzurePiece, azureStream } from "../../support/upstreams/azure.ts";
import { type ChatPiece, chatStream } from "../../support/upstreams/openai-chat.ts";
import { pieces, type Told, type Voice } from "../told.ts";

const SEAL = "c2VhbC1vZi1hLWNoYXQtc2VydmVy";
const HEAD = { id: "chatcmpl-abc", created: 1_700_000_000, model: "model-upstream" };

function usageOf({ usage }: Told): CompletionUsage | undefined {
  return usage === null
    ? undefined
    : {
        prompt_tokens: usage.prompt,
        completion_tokens: usage.completion,
        total_tokens: usage.prompt + usage.completion,
        prompt_tokens_details: { cached_tokens: usage.cached },
        completion_tokens_details: { reasoning_tokens: usage.reasoning },
      };
}

const withUsage = (usage: CompletionUsage | undefined) => (usage === undefined ? {} : { usage });

function detail(text: string, signature: string | null) {
  return { type: "reasoning.text", text, signature, id: null, format: "anthropic-claude-v1", index: 0 };
}

function picture({ mediaType, data }: NonNullable<Told["picture"]>) {
  return { images: [{ type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` } }] };
}

function whole(told: Told): ChatCompletion {
  const thoughts =
    told.thoughts === "" ? {} : { reasoning: told.thoughts, reasoning_details: [detail(told.thoughts, SEAL)] };
  const calls = told.calls.map(({ id, name, input }) => ({
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(input) },
  }));
  const message: ChatCompletion["choices"][number]["message"] = {
    role: "assistant",
    content: told.text || null,
    refusal: told.refusal || null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...thoughts,
    ...(told.picture ? picture(told.picture) : {}),
  };
  const choices = [{ index: 0, finish_reason: told.ending, logprobs: null, message }];
  return { ...HEAD, object: "chat.completion", choices, ...withUsage(usageOf(told)) };
}

function stream(told: Told): ChatCompletionChunk[] {
  type Delta = ChatCompletionChunk.Choice.Delta & Record<string, unknown>;
  const chunk = (delta: Delta, finish: Told["ending"] | null = null): ChatCompletionChunk => ({
    ...HEAD,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  });
  const thoughts = told.thoughts
    ? [
        ...pieces(told.thoughts).map((reasoning) => chunk({ reasoning, reasoning_details: [detail(reasoning, null)] })),
        chunk({ reasoning_details: [detail("", SEAL)] }),
      ]
    : [];
  const begun = told.calls.map(({ id, name }, index) =>
    chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
  );
  // The arguments of parallel calls come interleaved.
  const written = told.calls.map(({ input }) => pieces(JSON.stringify(input)));
  const filled = [0, 1, 2].flatMap((round) =>
    written.flatMap((texts, index) => {
      const text = texts[round];
      return text === undefined ? [] : [chunk({ tool_calls: [{ index, function: { arguments: text } }] })];
    }),
  );
  const usage = usageOf(told);
  return [
    chunk({ role: "assistant", content: "" }),
    ...thoughts,
    ...pieces(told.text).map((content) => chunk({ content })),
    ...pieces(told.refusal).map((refusal) => chunk({ refusal })),
    ...(told.picture ? [chunk(picture(told.picture))] : []),
    ...begun,
    ...filled,
    chunk({}, told.ending),
    ...(usage ? [{ ...HEAD, object: "chat.completion.chunk" as const, choices: [], usage }] : []),
  ];
}

export const chatVoice: Voice<ChatPiece> = {
  form: chatStream,
  whole,
  stream,
  failure: (message) => ({ error: { code: 500, message } }),
  refusal: (message) => ({
    body: { error: { message, type: "error", param: null, code: null } },
    headers: { "retry-after": "7" },
  }),
  unknown: { ...HEAD, object: "chat.completion.sparkle" as "chat.completion.chunk", choices: [] },
  seal: SEAL,
  cannot: [],
};

export const azureVoice: Voice<AzurePiece> = {
  form: azureStream,
  whole,
  stream,
  failure: (message) => ({ error: { code: "server_error", message } }),
  refusal: (message, status) => ({
    body: { error: { code: String(status), message } },
    headers: { "retry-after": "7", "x-ms-request-id": "1" },
  }),
  unknown: { ...HEAD, object: "extension.sparkle" as "chat.completion.chunk", choices: [] },
  seal: SEAL,
  cannot: ["thoughts", "picture"],
};
