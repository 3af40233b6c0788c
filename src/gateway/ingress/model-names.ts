/** The fields that every dialect of ours shares: which model, streamed or not. */
import { GapuraError } from "../../kernel/errors.ts";
import { objectField } from "../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../canonical/dialects.ts";
import { Fields, invalidField } from "./fields.ts";
import type { JsonBody } from "./read-body.ts";

const MAX_MODEL_NAME = 256;
const MAX_MODELS = 10;

/** Throws GapuraError: model_missing, invalid_field. */
export function readRouting(body: JsonBody, hints: ModelHints): ClientRequest {
  const fields = new Fields(body.value);
  const named = body.value.model;
  const first = named === "" ? null : fields.text("model");
  const models = [...new Set([...(first === null ? [] : [first]), ...fields.texts("models")])];
  if (models.length === 0) {
    throw new GapuraError("model_missing", { values: { example: hints.exampleModel, modelsUrl: hints.modelsUrl } });
  }
  if (models.length > MAX_MODELS) throw invalidField("models", `must name at most ${MAX_MODELS} models`);
  if (models.some((model) => model.length > MAX_MODEL_NAME || model === "")) {
    const field = first !== null && first.length > MAX_MODEL_NAME ? "model" : "models";
    throw invalidField(field, `must have 1 to ${MAX_MODEL_NAME} characters`);
  }
  return {
    body,
    models,
    streamed: fields.flag("stream") === true,
    wantsEcho: objectField(body.value, "debug")?.echo_upstream_body === true,
    requiresParameters: objectField(body.value, "provider")?.require_parameters === true,
  };
}
