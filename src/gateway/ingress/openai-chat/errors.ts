/** Errors in OpenRouter's envelope: `error.code` equals the HTTP status, and the message says what to do. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { AnswerIdentity } from "./answer.ts";

interface Envelope {
  error: { code: number; message: string; metadata: Record<string, unknown> };
}

export function errorEnvelope(error: GapuraError, requestId: string): Envelope {
  return {
    error: {
      code: error.status,
      message: error.message,
      metadata: { ...error.metadata, error_type: error.errorType, error_code: error.code, request_id: requestId },
    },
  };
}

/** The event that ends a stream which broke after its first token. */
export function errorChunk(
  error: GapuraError,
  identity: AnswerIdentity,
  { requestId, created }: { requestId: string /** Epoch seconds. */; created: number },
): object {
  return {
    id: identity.generationId,
    object: "chat.completion.chunk",
    created,
    model: identity.model,
    provider: identity.provider,
    ...errorEnvelope(error, requestId),
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: "error" }],
  };
}
