/** MiniMax: thoughts stand in the content, go out and come back, and some errors stand in answers of status 200. */
import { arrayField, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import { compatibleVendor } from "../openai-compatible/vendor.ts";

/** What its codes mean as statuses; any other is a failure of its own. */
const STATUSES: Readonly<Record<number, number>> = {
  1002: 429,
  1004: 401,
  1008: 402,
  1026: 400,
  1027: 400,
  1039: 429,
  2013: 400,
};

export const minimaxProvider = compatibleVendor({
  vendor: "minimax",
  quirks: {
    renames: { max_tokens: "max_completion_tokens" },
    rejects: [
      "presence_penalty",
      "frequency_penalty",
      "logit_bias",
      "logprobs",
      "top_logprobs",
      "prediction",
      "modalities",
    ],
    thinksInContent: true,
    returnsReasoning: "think-tags",
    asksReasoning: ({ enabled, effort }) => {
      if (enabled === null && effort === null) return {};
      return { thinking: { type: enabled === false ? "disabled" : "adaptive" } };
    },
    readAnswer: withPlainError,
  },
});

function withPlainError(answer: JsonObject): JsonObject {
  const said = objectField(answer, "base_resp");
  const code = said?.status_code;
  if (!said || typeof code !== "number" || code === 0 || arrayField(answer, "choices").length > 0) return answer;
  return { ...answer, error: { code: STATUSES[code] ?? 502, message: stringField(said, "status_msg") ?? "" } };
}
