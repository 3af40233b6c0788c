/** OpenAI's text completions, for servers that still have them. Only clients of the same dialect: a text is no chat. */
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import { editsWithout } from "./plain-dialects.ts";

/** `rejects` are fields that this server does not take, `keeps` fields of the gateway that it knows too. */
export function completionsDialect(rejects: readonly string[] = [], keeps: readonly string[] = []): UpstreamDialect {
  return { name: "openai-completions", framing: "sse", native: { edits: editsWithout(rejects, keeps) } };
}
