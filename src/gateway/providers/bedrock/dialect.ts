/** Bedrock's Converse. No client speaks it here, so that every body is written from the canonical form. */
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import { familyOf } from "./families.ts";
import { ConverseReader, readConverseAnswer } from "./read-answer.ts";
import { writeConverseRequest } from "./write-request.ts";

/** `provider` is its name for people. */
export function converseDialect(provider: string, upstreamModel: string): UpstreamDialect {
  const isClaude = familyOf(upstreamModel).claude !== null;
  return {
    name: "bedrock-converse",
    framing: "aws-event-stream",
    canonical: {
      write: (request, target) => writeConverseRequest(request, target, provider),
      readAnswer: (answer) => readConverseAnswer(answer, isClaude),
      reader: () => new ConverseReader(isClaude),
    },
  };
}
