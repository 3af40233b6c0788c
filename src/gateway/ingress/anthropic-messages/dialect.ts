/**
 * Anthropic's Messages, as `@anthropic-ai/sdk` and Claude Code speak them, with OpenRouter's additions.
 *
 * Invariants: for a provider that speaks the dialect, a body goes through byte for byte but for the model's name and the
 * gateway's own fields; blocks of a stream come one after the other, each begun, filled and ended; a stream ends with
 * `message_stop` or with `error`, never with `[DONE]`; every error is in Anthropic's envelope.
 */
import type { ClientDialect } from "../../canonical/dialects.ts";
import { finishMessage, readMessage } from "./answer.ts";
import { errorEnvelope, frame } from "./errors.ts";
import { messagesAuthorization, readMessagesRequest } from "./request.ts";
import { MessagesStream } from "./stream.ts";
import { messagesToCanonical } from "./to-canonical.ts";
import { MessagesWriter, messageOf } from "./writer.ts";

const LEAST_THINKING_TOKENS = 1_024;

export const anthropicMessages: ClientDialect = {
  name: "anthropic-messages",
  apiType: "messages",
  authorization: messagesAuthorization,
  read: readMessagesRequest,
  errorBody: errorEnvelope,
  headers: (requestId) => ({ "request-id": requestId }),
  echo: (_, upstreamBody) => frame("ping", { type: "ping", debug: { echo_upstream_body: upstreamBody } }),
  thinking: ({ thinking, max_tokens: most }) => {
    const budget = Math.floor((typeof most === "number" ? most : 0) / 2);
    // Less is refused; with so short an answer there is no room to think.
    const isPossible = !thinking && budget >= LEAST_THINKING_TOKENS;
    return isPossible ? { thinking: { type: "enabled", budget_tokens: budget } } : {};
  },
  native: {
    edits: () => ({ set: new Map(), remove: new Set() }),
    stream: (identity, upstream) => new MessagesStream(identity, upstream),
    readAnswer: readMessage,
    finishAnswer: finishMessage,
  },
  canonical: {
    read: messagesToCanonical,
    writer: (identity) => new MessagesWriter(identity),
    answer: messageOf,
  },
};
