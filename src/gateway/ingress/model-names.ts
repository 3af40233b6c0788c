/** The fields that every dialect of ours shares: which model, streamed or not. */
import { GapuraError } from "../../kernel/errors.ts";
import { objectField } from "../../kernel/json.ts";
import type { ClientRequest, ModelHints } from "../canonical/dialects.ts";
import { Fields, invalidField } from "./fields.ts";
import { readProviderWishes } from "./provider-wishes.ts";
import type { JsonBody } from "./read-body.ts";

const MAX_MODEL_NAME = 256;
const MAX_MODELS = 10;

/** Throws GapuraError: model_missing, invalid_field. */
export function readRouting(body: JsonBody, hints: ModelHints): ClientRequest {
  refuseLookalikes(body);
  const fields = new Fields(body.value);
  const named = body.value.model;
  const first = named === "" ? null : fields.text("model");
  const others = fields.texts("models");
  const models = others.length === 0 ? (first === null ? [] : [first]) : union(first, others);
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
    wishes: readProviderWishes(fields),
  };
}

function union(first: string | null, others: readonly string[]): string[] {
  return [...new Set(first === null ? others : [first, ...others])];
}

/** Fields that decide what is answered, how, and what it costs. */
const STEERING: ReadonlySet<string> = new Set([
  ...["model", "models", "stream", "stream_options", "n", "store", "background", "service_tier", "usage"],
  ...["provider", "plugins", "transforms", "preset", "route"],
]);

/**
 * Servers written in Go take `MODEL` for `model`, and the later of the two counts: what was routed and priced here would
 * not be what they read. Throws GapuraError invalid_field.
 */
function refuseLookalikes({ fields }: JsonBody): void {
  for (const { name } of fields) {
    if (/^[a-z0-9_]*$/.test(name)) continue;
    // Upper case first: the long s and the Kelvin sign count as s and k there.
    const meant = name.toUpperCase().toLowerCase();
    if (STEERING.has(meant)) throw invalidField(name, `is not a field; write it as ${meant}`);
  }
}
