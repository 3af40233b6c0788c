import { objectField } from "../../../kernel/json.ts";
import type { ClientRequest } from "../../canonical/dialects.ts";
import type { BodyEdits } from "../body-edits.ts";

/** What changes in a body of chat, or of text completions, wherever it goes: usage is asked for in every stream. */
export function usageInStreams(request: ClientRequest): BodyEdits {
  const set = new Map<string, string>();
  if (request.streamed) {
    const options = objectField(request.body.value, "stream_options") ?? {};
    set.set("stream_options", JSON.stringify({ ...options, include_usage: true }));
  }
  return { set, remove: new Set() };
}
