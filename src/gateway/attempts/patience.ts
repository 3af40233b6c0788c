/** How long is waited for one endpoint. Pure. */
import type { Endpoint } from "../../catalog/catalog.ts";
import type { AnswerTimeouts } from "../../kernel/timeouts.ts";

/** A model that thinks before it answers may say nothing meanwhile, so where nothing else is said it gets so much more. */
export const THINKING_FACTOR = 4;
const THINKS = ["reasoning", "include_reasoning"];

/** What is said of the model counts before what is said of the provider, and both before what holds for all. */
export function patienceFor(
  { model }: Pick<Endpoint, "model">,
  ofProvider: Partial<AnswerTimeouts> | undefined,
  usual: AnswerTimeouts,
): AnswerTimeouts {
  const factor = THINKS.some((name) => model?.supportedParameters.includes(name)) ? THINKING_FACTOR : 1;
  const said = { ...ofProvider, ...model?.timeouts };
  return {
    firstByteMs: said.firstByteMs ?? usual.firstByteMs * factor,
    wholeAnswerMs: said.wholeAnswerMs ?? usual.wholeAnswerMs,
    silenceMs: said.silenceMs ?? usual.silenceMs * factor,
  };
}
