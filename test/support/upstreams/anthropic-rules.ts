/** What Anthropic refuses of a Messages body, as far as a mistake of the gateway could cause it. */
import type { ContentBlockParam, MessageParam } from "@anthropic-ai/sdk/resources/messages";

const FIELDS = new Set([
  ...["model", "messages", "max_tokens", "system", "tools", "tool_choice", "thinking", "output_config", "metadata"],
  ...["stop_sequences", "service_tier", "stream", "temperature", "top_p", "top_k", "cache_control", "speed"],
  ...["container", "context_management", "inference_geo", "mcp_servers"],
]);

export const SIGNATURE = "EqQBCkYIBxgCKkBvHhgl-real-signature";
export const REDACTED = "EmwKAhgBEgy3va3-redacted-thought";

/** The sentence of the refusal, null for a body that is taken. */
export function refusalOf(body: Record<string, unknown>, isCount: boolean): string | null {
  for (const name of Object.keys(body)) if (!FIELDS.has(name)) return `${name}: Extra inputs are not permitted`;
  if (isCount && ("max_tokens" in body || "stream" in body)) return "max_tokens: Extra inputs are not permitted";
  if (!isCount && typeof body.max_tokens !== "number") return "max_tokens: Field required";
  const thinking = body.thinking as { type?: string; budget_tokens?: number } | undefined;
  if (thinking?.type === "enabled") {
    if ((thinking.budget_tokens ?? 0) < 1024) return "thinking.enabled.budget_tokens: must be at least 1024";
    if ((thinking.budget_tokens ?? 0) >= Number(body.max_tokens)) return "`max_tokens` must be greater than budget";
    if (body.temperature !== undefined && body.temperature !== 1) return "`temperature` may only be set to 1";
    const choice = (body.tool_choice as { type?: string } | undefined)?.type;
    if (choice === "any" || choice === "tool") return "Thinking may not be enabled when tool_choice forces tool use.";
  }
  return refusedMessages(body.messages as MessageParam[]);
}

function refusedMessages(messages: MessageParam[]): string | null {
  if (!Array.isArray(messages) || messages.length === 0) return "messages: at least one message is required";
  let called: string[] = [];
  for (const [at, message] of messages.entries()) {
    const blocks: ContentBlockParam[] =
      typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
    for (const [place, block] of blocks.entries()) {
      const problem = refusedBlock(block, called);
      if (problem) return `messages.${at}.content.${place}: ${problem}`;
    }
    const answered = blocks.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : []));
    const missing = called.find((id) => !answered.includes(id));
    if (missing) return `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks: ${missing}`;
    called = blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
  }
  return null;
}

function refusedBlock(block: ContentBlockParam, called: readonly string[]): string | null {
  switch (block.type) {
    case "text":
      return block.text.trim() === "" ? "text content blocks must be non-empty" : null;
    case "thinking":
      return block.signature === SIGNATURE ? null : "Invalid `signature` in `thinking` block";
    case "redacted_thinking":
      return block.data === REDACTED ? null : "Invalid `data` in `redacted_thinking` block";
    case "tool_use":
      return /^[\w-]+$/.test(block.id) ? null : "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
    case "tool_result":
      return called.includes(block.tool_use_id) ? null : `unexpected \`tool_use_id\`: ${block.tool_use_id}`;
    default:
      return null;
  }
}
