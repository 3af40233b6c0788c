/**
 * OpenAI's chat completions with OpenRouter's additions: the gateway's main dialect.
 *
 * Invariants: for a provider that speaks it, a body goes through byte for byte but for the fields that must change; a
 * stream gets its role first, one usage chunk and one `[DONE]`.
 */
import type { ClientDialect } from "../../canonical/dialects.ts";
import { finishCompletion, readCompletion } from "./answer.ts";
import { chunkHead, errorEnvelope, frame } from "./errors.ts";
import { readChatRequest } from "./request.ts";
import { ChatStream } from "./stream.ts";
import { chatToCanonical } from "./to-canonical.ts";
import { usageInStreams } from "./usage-in-streams.ts";
import { ChatWriter, completionOf } from "./writer.ts";

const SAYS_HOW_TO_THINK = ["reasoning", "reasoning_effort"] as const;

export const openAiChat: ClientDialect = {
  name: "openai-chat",
  apiType: "chat",
  authorization: (headers) => headers.get("authorization"),
  read: readChatRequest,
  errorBody: errorEnvelope,
  echo: (identity, upstreamBody) =>
    frame({ ...chunkHead(identity), choices: [], debug: { echo_upstream_body: upstreamBody } }),
  thinking: (body) =>
    SAYS_HOW_TO_THINK.some((name) => name in body) ? {} : { reasoning: { enabled: true, effort: "medium" } },
  native: {
    edits: usageInStreams,
    stream: (identity, upstream) => new ChatStream(identity, upstream),
    readAnswer: readCompletion,
    finishAnswer: finishCompletion,
  },
  canonical: {
    read: chatToCanonical,
    writer: (identity) => new ChatWriter(identity),
    answer: completionOf,
  },
};
