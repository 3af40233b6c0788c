/** A kept payload in the words of OpenRouter's `GET /generation/content`. */
import type { GenerationContent } from "../../contract/schemas/records.ts";
import type { StoredPayload } from "../../storage/stores/payloads.ts";
import type { UsageEntry } from "../../storage/stores/usage.ts";
import { readAttempts } from "./attempts.ts";

export function contentView(row: UsageEntry, { input, output, error, isTruncated }: StoredPayload): GenerationContent {
  return {
    input,
    output: { completion: output.completion, reasoning: output.reasoning, tool_calls: output.toolCalls },
    error:
      error === null
        ? null
        : {
            status: error.status,
            message: error.message,
            provider_name: error.provider,
            raw: error.raw,
            previous_errors: previousErrors(row),
          },
    truncated: isTruncated,
  };
}

/** The attempts that failed before the one whose error the client was told. */
function previousErrors(row: UsageEntry) {
  const failed = readAttempts(row.attempts).filter(({ status }) => status !== 200);
  return failed.slice(0, -1).map(({ providerName, status }) => ({
    code: status === 0 ? NO_ANSWER : status,
    message: status === 0 ? `${providerName} did not answer.` : `${providerName} answered with HTTP status ${status}.`,
    provider_name: providerName,
    raw: null,
  }));
}

/** What an attempt without an answer counts as. */
const NO_ANSWER = 502;
