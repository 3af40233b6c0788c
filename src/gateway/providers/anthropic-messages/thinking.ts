/** OpenRouter's `reasoning` and `verbosity` as Anthropic's `thinking` and `output_config.effort`. */
import type { JsonObject } from "../../../kernel/json.ts";
import type { CanonicalRequest, Effort } from "../../canonical/request.ts";
import type { ClaudeTraits } from "./claude-traits.ts";

export interface Thinking {
  thinking: JsonObject | null;
  effort: string | null;
  dropped: string[];
}

const MIN_BUDGET = 1_024;
const MAX_BUDGET = 128_000;
/** The share of the answer's tokens that an effort may think away. */
const RATIO: Readonly<Record<Exclude<Effort, "none">, number>> = {
  max: 0.95,
  xhigh: 0.95,
  high: 0.8,
  medium: 0.5,
  low: 0.2,
  minimal: 0.1,
};
const ORDER: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

interface Given {
  traits: ClaudeTraits;
  maxTokens: number;
  /** True where a tool is forced: Claude then refuses to be asked for thoughts. */
  forcesTool: boolean;
  /** True where the model goes on after tools that it called without a thought, which a budget does not allow. */
  lacksThought: boolean;
}

export function thinkingFor(request: CanonicalRequest, given: Given): Thinking {
  const { traits } = given;
  const verbosity = ORDER.find((effort) => effort === request.verbosity) ?? null;
  const effort = verbosity === null ? null : nearest(verbosity, traits.efforts);
  const dropped = request.verbosity !== null && effort === null ? ["verbosity"] : [];
  const asked = askedFor(request, given);
  return {
    thinking: asked.thinking,
    effort: effort ?? asked.effort,
    dropped: [...dropped, ...asked.dropped],
  };
}

const NOTHING: Thinking = { thinking: null, effort: null, dropped: [] };

function askedFor(request: CanonicalRequest, given: Given): Thinking {
  const wish = request.reasoning;
  const { traits } = given;
  if (wish === null) return NOTHING;
  if (wish.enabled === false || wish.effort === "none") return switchedOff(traits);
  const isWanted = wish.enabled === true || wish.effort !== null || wish.maxTokens !== null;
  if (!isWanted) return NOTHING;
  if (traits.thinking === "none") return { ...NOTHING, dropped: ["reasoning"] };
  const usesBudget = traits.thinking === "budget" || (traits.thinking === "either" && wish.maxTokens !== null);
  return usesBudget ? withBudget(wish, given) : adaptive(wish, given);
}

function switchedOff(traits: ClaudeTraits): Thinking {
  if (traits.thinkingOff === "unsaid") return NOTHING;
  // What cannot be switched off is at least kept short.
  if (traits.thinkingOff === "never") return { thinking: null, effort: "low", dropped: ["reasoning"] };
  return { ...NOTHING, thinking: { type: traits.thinkingOff } };
}

type Wish = NonNullable<CanonicalRequest["reasoning"]>;

function adaptive(wish: Wish, { traits, forcesTool }: Given): Thinking {
  const effort = wish.effort === null ? null : nearest(wish.effort, traits.efforts);
  if (forcesTool) return { thinking: null, effort, dropped: ["reasoning"] };
  // Models that know nothing else show no thoughts unless they are asked to.
  const shown = traits.thinking === "adaptive" ? { display: "summarized" } : {};
  const display = wish.exclude === true ? { display: "omitted" } : shown;
  return {
    thinking: { type: "adaptive", ...display },
    effort,
    dropped: wish.maxTokens === null ? [] : ["reasoning"],
  };
}

function withBudget(wish: Wish, { maxTokens, forcesTool, lacksThought }: Given): Thinking {
  const ratio = wish.effort === null || wish.effort === "none" ? RATIO.medium : RATIO[wish.effort];
  const asked = wish.maxTokens ?? Math.floor(maxTokens * ratio);
  // Thoughts are part of the answer's tokens, which are not raised: they are what the client is ready to pay.
  const budget = Math.min(Math.max(asked, MIN_BUDGET), MAX_BUDGET, maxTokens - 1);
  if (forcesTool || lacksThought || budget < MIN_BUDGET) return { ...NOTHING, dropped: ["reasoning"] };
  const display = wish.exclude === true ? { display: "omitted" } : {};
  return { ...NOTHING, thinking: { type: "enabled", budget_tokens: budget, ...display } };
}

/** The effort itself, else the next lower one that the model knows, else its lowest; null where it knows none. */
function nearest(effort: Effort, known: readonly Effort[]): Effort | null {
  const wanted = ORDER.indexOf(effort);
  return known.findLast((one) => ORDER.indexOf(one) <= wanted) ?? known[0] ?? null;
}
