import { objectField } from "../../../kernel/json.ts";
import type { ClientRequest } from "../../canonical/dialects.ts";
import { type BodyEdits, NO_EDITS } from "../body-edits.ts";

/** What changes in a body of chat, or of text completions, wherever it goes: usage is asked for in every stream. */
export function usageInStreams(request: ClientRequest): BodyEdits {
  if (!request.streamed) return NO_EDITS;
  const options = objectField(request.body.value, "stream_options") ?? {};
  const set = new Map([["stream_options", JSON.stringify({ ...options, include_usage: true })]]);
  return { set, remove: NO_EDITS.remove };
}
