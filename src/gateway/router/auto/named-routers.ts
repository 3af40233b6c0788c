/** The names that leave the choice of the model to the gateway, and what becomes of them. */
import { splitVariants } from "../../../catalog/names/variants.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { ModelAsked } from "../decide.ts";
import { suffixWishes } from "../variants.ts";
import { NO_AUTO_WISHES, readAutoPlugin } from "./auto-plugin.ts";
import { type Choice, chooseByPrice, chooseFree } from "./choose-models.ts";
import { difficultyOf, TIER_FOR } from "./difficulty.ts";

export type RouterKind = "auto" | "free";

/** Under the name that OpenRouter gave it, a router is ours only where nobody connected has one of that name. */
const ROUTERS: ReadonlyMap<string, { kind: RouterKind; isOurs: boolean }> = new Map([
  ["gapura/auto", { kind: "auto", isOurs: true }],
  ["gapura/free", { kind: "free", isOurs: true }],
  ["openrouter/auto", { kind: "auto", isOurs: false }],
  ["openrouter/free", { kind: "free", isOurs: false }],
]);

/** Suffixes may stand behind such a name too. */
export function routerNamed(name: string): { kind: RouterKind; isOurs: boolean } | undefined {
  return ROUTERS.get(splitVariants(name).base.toLowerCase());
}

export interface RouterChoice {
  /** Best first; empty where none fits. */
  models: Omit<ModelAsked, "pinnedTag">[];
  /** A sentence on how they were chosen. */
  summary: string;
}

export interface RouterQuestion extends Omit<Choice, "auto"> {
  name: string;
  kind: RouterKind;
  body: JsonObject;
  random(): number;
}

/** Throws GapuraError invalid_field. */
export function chosenBy(question: RouterQuestion): RouterChoice {
  const { name, kind, body, needs, random } = question;
  const auto = kind === "auto" ? readAutoPlugin(body) : NO_AUTO_WISHES;
  const difficulty = difficultyOf(body, needs);
  const tier = auto.costTier ?? TIER_FOR[difficulty];
  const choice = { ...question, auto };
  const chosen = kind === "auto" ? chooseByPrice(choice, tier) : chooseFree(choice, random);
  const [first] = chosen;
  if (first === undefined) return { models: [], summary: "" };
  const suffix = { ...suffixWishes(splitVariants(name).variants), freeOnly: kind === "free" };
  return {
    models: chosen.map(({ endpoints }) => ({ endpoints, ...suffix })),
    summary:
      kind === "free"
        ? `${name} drew ${first.model.id} among the free models that fit.`
        : `${name} chose ${first.model.id}: ${tierWords(auto.costTier === null ? difficulty : null, tier)}.`,
  };
}

function tierWords(difficulty: string | null, tier: string): string {
  const band = `the price band ${tier}`;
  return difficulty === null ? `${band}, as asked` : `the request looks ${difficulty}, for which ${band} will do`;
}

/** For a choice that had nothing to choose from. */
export function noneFits(
  { name, kind, needs }: Pick<RouterQuestion, "name" | "kind" | "needs">,
  modelsUrl: string,
): GapuraError {
  const { parameters, inputs, outputs } = needs;
  const wanted = [
    ...parameters.filter((parameter) => parameter === "tools" || parameter === "structured_outputs"),
    ...inputs.map((input) => `${input} input`),
    ...outputs.map((output) => `${output} output`),
  ];
  const free = kind === "free" ? "free and " : "";
  const list = wanted.length === 0 ? "" : ` (${wanted.join(", ")})`;
  const needed = `that may answer is ${free}known to be able to do what the request needs${list}`;
  return new GapuraError("no_model_fits", { values: { model: name, needed, modelsUrl } });
}
