/** Values of parameters: which of them ask for nothing special, and which is nearest to one that a model does not take. */
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Effort } from "../../canonical/request.ts";

/** Values that ask for what happens anyway: taken out with their fields, nothing is lost that would be worth a report. */
const HARMLESS: Readonly<Record<string, JsonValue>> = {
  temperature: 1,
  top_p: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
  repetition_penalty: 1,
  top_k: 0,
  min_p: 0,
  top_a: 0,
  logprobs: false,
  top_logprobs: 0,
  parallel_tool_calls: true,
  modalities: ["text"],
  verbosity: "medium",
};

export function isHarmless(field: string, value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return field in HARMLESS && JSON.stringify(value) === JSON.stringify(HARMLESS[field]);
}

const SCALE: readonly string[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** The effort of `allowed` that is nearest to what was asked: the next higher one, else the highest. */
export function nearestEffort(asked: string, allowed: readonly Effort[]): Effort | undefined {
  const wanted = SCALE.indexOf(asked);
  if (wanted === -1) return undefined;
  return allowed.find((effort) => SCALE.indexOf(effort) >= wanted) ?? allowed.at(-1);
}

/** What to leave out where the model alone chooses among the tools: any other choice, and with "none" the tools as well. */
export function choiceLeftOut({ tool_choice: choice }: JsonObject): readonly string[] {
  if (choice === "none") return ["tool_choice", "tools"];
  return choice === "auto" ? [] : ["tool_choice"];
}
