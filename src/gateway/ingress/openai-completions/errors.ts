import type { GapuraError } from "../../../kernel/errors.ts";
import type { AnswerIdentity } from "../../canonical/dialects.ts";
import { errorEnvelope, frame } from "../openai-chat/errors.ts";
import { completionHead } from "./answer.ts";

/** The frame that ends a stream which broke after its first token. */
export function failureFrame(error: GapuraError, identity: AnswerIdentity, created: number): string {
  const choice = { index: 0, text: "", logprobs: null, finish_reason: "error", native_finish_reason: "error" };
  return frame({
    ...completionHead(identity, created),
    ...errorEnvelope(error, identity.requestId),
    choices: [choice],
  });
}
