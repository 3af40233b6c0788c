/** Thoughts, for which every server has a field of its own, in the two that OpenRouter's clients know. */
import { arrayField, isJsonObject, type JsonObject } from "../../../kernel/json.ts";

/** Gives messages and deltas `reasoning` and `reasoning_details` where they have only `reasoning_content`. Changes in place. */
export function ordinaryThoughts(answer: JsonObject): JsonObject {
  for (const choice of arrayField(answer, "choices")) {
    if (!isJsonObject(choice)) continue;
    if (isJsonObject(choice.message)) complete(choice.message);
    if (isJsonObject(choice.delta)) complete(choice.delta);
  }
  return answer;
}

function complete(said: JsonObject): void {
  const { reasoning_content: content } = said;
  if (typeof content === "string" && typeof said.reasoning !== "string") said.reasoning = content;
  if (content !== undefined) delete said.reasoning_content;
  if (typeof said.reasoning !== "string" || said.reasoning === "" || said.reasoning_details !== undefined) return;
  said.reasoning_details = [
    { type: "reasoning.text", text: said.reasoning, signature: null, id: null, format: null, index: 0 },
  ];
}
