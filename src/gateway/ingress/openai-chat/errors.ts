/** Errors in OpenRouter's envelope: `error.code` equals the HTTP status, and the message says what to do. */
import type { GapuraError } from "../../../kernel/errors.ts";
import type { AnswerIdentity } from "../../canonical/dialects.ts";
import type { Availability, RefusalContext } from "../../refusal-context.ts";

interface Envelope {
  error: { code: number; message: string; metadata: Record<string, unknown>; availability?: Availability };
}

export function errorEnvelope(error: GapuraError, requestId: string, context?: RefusalContext): Envelope {
  const { availability, previousErrors = [] } = context ?? {};
  return {
    error: {
      code: error.status,
      message: error.message,
      metadata: {
        ...error.metadata,
        error_type: error.errorType,
        error_code: error.code,
        request_id: requestId,
        ...(previousErrors.length === 0 ? {} : { previous_errors: previousErrors }),
      },
      ...(availability ? { availability } : {}),
    },
  };
}

/** What every chunk begins with. */
export function chunkHead({ generationId, model, provider, createdSeconds }: AnswerIdentity, created = createdSeconds) {
  return { id: generationId, object: "chat.completion.chunk", created, model, provider };
}

/** The frame that ends a stream which broke after its first token. */
export function errorFrame(error: GapuraError, identity: AnswerIdentity, createdSeconds: number): string {
  return frame({
    ...chunkHead(identity, createdSeconds),
    ...errorEnvelope(error, identity.requestId),
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: "error" }],
  });
}

/** One event of a stream as it is sent. */
export function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export const DONE_FRAME = "data: [DONE]\n\n";
