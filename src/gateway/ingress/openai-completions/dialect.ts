/**
 * OpenAI's text completions: a prompt in, text out. Servers that still speak it get the body as it came; chat models
 * get the prompt as one message of the user.
 *
 * Failure modes: several prompts, token numbers and the like can only be answered by a server of the dialect; others are
 * asked with what they know, and what is lost is named in a header.
 */
import type { ClientDialect } from "../../canonical/dialects.ts";
import { errorEnvelope, frame } from "../openai-chat/errors.ts";
import { usageInStreams } from "../openai-chat/usage-in-streams.ts";
import { completionHead, finishTextCompletion, readTextCompletion } from "./answer.ts";
import { completionsToCanonical, readCompletionsRequest } from "./request.ts";
import { CompletionStream } from "./stream.ts";
import { CompletionWriter, textCompletionOf } from "./writer.ts";

export const openAiCompletions: ClientDialect = {
  name: "openai-completions",
  apiType: "completions",
  authorization: (headers) => headers.get("authorization"),
  read: readCompletionsRequest,
  errorBody: errorEnvelope,
  echo: (identity, upstreamBody) =>
    frame({ ...completionHead(identity), choices: [], debug: { echo_upstream_body: upstreamBody } }),
  native: {
    edits: usageInStreams,
    stream: (identity, upstream) => new CompletionStream(identity, upstream),
    readAnswer: readTextCompletion,
    finishAnswer: finishTextCompletion,
  },
  canonical: {
    read: completionsToCanonical,
    writer: (identity, request) => new CompletionWriter(identity, request),
    answer: textCompletionOf,
  },
};
