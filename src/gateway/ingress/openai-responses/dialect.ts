/**
 * OpenAI's Responses API with OpenRouter's additions, without a memory: what came before is sent again in `input`.
 *
 * Invariants: nothing is stored, here or at a provider; for a provider that speaks the dialect, a body goes through byte
 * for byte but for the fields that must change, and so does every event but the first and the last ones; for others each
 * step is told as OpenAI tells it, numbered in order.
 * Failure modes: what needs a memory is refused with what to do instead; a stream that breaks ends with `error` and
 * `response.failed`, and without `[DONE]`.
 */
import type { ClientDialect } from "../../canonical/dialects.ts";
import { errorEnvelope } from "../openai-chat/errors.ts";
import { finishResponse, readResponse } from "./answer.ts";
import { eventFrame } from "./frames.ts";
import { readResponsesRequest } from "./request.ts";
import { ResponsesStream } from "./stream.ts";
import { responsesToCanonical } from "./to-canonical.ts";
import { ResponsesWriter, responseOf } from "./writer.ts";

export const openAiResponses: ClientDialect = {
  name: "openai-responses",
  apiType: "responses",
  authorization: (headers) => headers.get("authorization"),
  read: readResponsesRequest,
  errorBody: errorEnvelope,
  echo: (_identity, upstreamBody, framesAfter) => {
    // Below 0, since the response itself begins at 0.
    const event = { type: "response.debug", debug: { echo_upstream_body: upstreamBody } };
    return eventFrame(event.type, JSON.stringify({ ...event, sequence_number: -1 - framesAfter }));
  },
  thinking: ({ reasoning }) => (reasoning ? {} : { reasoning: { effort: "medium" } }),
  native: {
    edits: () => ({ set: new Map([["store", "false"]]), remove: new Set() }),
    stream: (identity, upstream) => new ResponsesStream(identity, upstream),
    readAnswer: readResponse,
    finishAnswer: finishResponse,
  },
  canonical: {
    read: responsesToCanonical,
    writer: (identity, request) => new ResponsesWriter(identity, request),
    answer: responseOf,
  },
};
