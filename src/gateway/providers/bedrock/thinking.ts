/** How a model on Bedrock is asked to think: each maker has its own fields. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { CanonicalRequest, Effort } from "../../canonical/request.ts";
import type { Family } from "./families.ts";

export interface WrittenThinking {
  fields: JsonObject;
  /** True where thinking was asked for. */
  isOn: boolean;
}

const OFF: WrittenThinking = { fields: {}, isOn: false };
/** Claude thinks with no fewer tokens than these. */
const MIN_BUDGET = 1_024;
const MAX_BUDGET = 32_000;
/** The part of the answer's tokens that thinking may take, by effort. */
const SHARES: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.8,
  xhigh: 0.95,
  max: 0.95,
};

export function writeThinking(request: CanonicalRequest, family: Family, dropped: Set<string>): WrittenThinking {
  const wish = request.reasoning;
  if (wish === null) return OFF;
  if (wish.enabled === false || wish.effort === "none") return switchedOff(family, dropped);
  const isWished = wish.enabled === true || wish.effort !== null || wish.maxTokens !== null;
  // That thoughts be left out of the answer is the gateway's to do, not the model's.
  if (!isWished) return OFF;
  const effort = wish.effort ?? "medium";
  switch (family.thinking) {
    case "adaptive": {
      const chosen = wish.effort === null ? {} : { output_config: { effort: effort === "minimal" ? "low" : effort } };
      return { fields: { thinking: { type: "adaptive" }, ...chosen }, isOn: true };
    }
    case "budget": {
      const budget_tokens = budgetOf(wish.maxTokens, effort, request.maxOutputTokens);
      if (budget_tokens !== null) return { fields: { thinking: { type: "enabled", budget_tokens } }, isOn: true };
      dropped.add("reasoning");
      return OFF;
    }
    case "nova":
      return { fields: { reasoningConfig: { type: "enabled", maxReasoningEffort: threeSteps(effort) } }, isOn: true };
    case "effort":
      return { fields: { reasoning_effort: threeSteps(effort) }, isOn: true };
    case null:
      dropped.add("reasoning");
      return OFF;
  }
}

/** A model that cannot think, or thinks only when asked, is off as it is. */
function switchedOff({ thinking, alwaysThinks, isOffUnasked }: Family, dropped: Set<string>): WrittenThinking {
  if (alwaysThinks) {
    dropped.add("reasoning");
    return { fields: {}, isOn: true };
  }
  const isToldOff = thinking !== null && !isOffUnasked;
  return { fields: isToldOff ? { thinking: { type: "disabled" } } : {}, isOn: false };
}

/** Null where the whole answer is too short to think in. */
function budgetOf(wished: number | null, effort: Effort, maxOutputTokens: number | null): number | null {
  const room = maxOutputTokens ?? MAX_BUDGET;
  if (room <= MIN_BUDGET) return null;
  const budget = Math.min(wished ?? Math.floor(room * SHARES[effort]), MAX_BUDGET);
  return Math.min(Math.max(budget, MIN_BUDGET), maxOutputTokens === null ? Number.POSITIVE_INFINITY : room - 1);
}

function threeSteps(effort: Effort): "low" | "medium" | "high" {
  if (effort === "medium") return "medium";
  return effort === "low" || effort === "minimal" ? "low" : "high";
}
