/** How a model on Bedrock is asked to think: each maker has its own fields. */
import { arrayField, isJsonObject, type JsonObject } from "../../../kernel/json.ts";
import type { CanonicalRequest, Effort } from "../../canonical/request.ts";
import type { ClaudeTraits } from "../anthropic-messages/claude-traits.ts";
import { thinkingFor } from "../anthropic-messages/thinking.ts";
import type { Family } from "./families.ts";

export interface WrittenThinking {
  /** Beside Converse's own fields. */
  fields: JsonObject;
  /** True where thinking was asked for. */
  isOn: boolean;
}

const OFF: WrittenThinking = { fields: {}, isOn: false };

interface Given {
  family: Family;
  dropped: Set<string>;
  /** The messages as they are sent. */
  messages: readonly JsonObject[];
  forcesTool: boolean;
}

export function writeThinking(request: CanonicalRequest, given: Given): WrittenThinking {
  const { family, dropped } = given;
  if (family.claude) return askClaude(request, family.claude, given);
  if (request.verbosity !== null) dropped.add("verbosity");
  const wish = request.reasoning;
  // The others think only when they are asked to.
  if (wish === null || wish.enabled === false || wish.effort === "none") return OFF;
  if (wish.enabled !== true && wish.effort === null && wish.maxTokens === null) return OFF;
  const effort = threeSteps(wish.effort ?? "medium");
  if (wish.maxTokens !== null || family.thinking === null) dropped.add("reasoning");
  if (family.thinking === null) return OFF;
  const nova = { reasoningConfig: { type: "enabled", maxReasoningEffort: effort } };
  return { fields: family.thinking === "nova" ? nova : { reasoning_effort: effort }, isOn: true };
}

function askClaude(
  request: CanonicalRequest,
  traits: ClaudeTraits,
  { dropped, messages, forcesTool }: Given,
): WrittenThinking {
  const maxTokens = request.maxOutputTokens ?? traits.maxOutputTokens;
  const lacksThought = continuesWithoutThought(messages);
  const asked = thinkingFor(request, { traits, maxTokens, forcesTool, lacksThought });
  for (const name of asked.dropped) dropped.add(name);
  const wish = request.reasoning;
  if ((wish?.enabled === false || wish?.effort === "none") && /budget|either/.test(traits.thinking)) {
    return { fields: { thinking: { type: "disabled" } }, isOn: false };
  }
  const fields = {
    ...(asked.thinking === null ? {} : { thinking: asked.thinking }),
    ...(asked.effort === null ? {} : { output_config: { effort: asked.effort } }),
  };
  return { fields, isOn: asked.thinking !== null && asked.thinking.type !== "disabled" };
}

/** True where results follow a call that was made without a thought. */
function continuesWithoutThought(messages: readonly JsonObject[]): boolean {
  const [before, last] = messages.slice(-2);
  const holds = (message: JsonObject | undefined, kind: string) =>
    arrayField(message ?? {}, "content").some((block) => isJsonObject(block) && kind in block);
  return holds(last, "toolResult") && holds(before, "toolUse") && !holds(before, "reasoningContent");
}

function threeSteps(effort: Effort): "low" | "medium" | "high" {
  if (effort === "medium") return "medium";
  return effort === "low" || effort === "minimal" ? "low" : "high";
}
