/** A catalogue entry as `GET /api/v1/models` shows it: OpenRouter's shape. */
import type { OfferedModel } from "../../catalog/catalog.ts";
import { type Price, usdPerTokenString } from "../../catalog/price.ts";
import type { Model } from "../../contract/schemas/openrouter.ts";

/** How an unknown price is written: clients that compare prices must not take it for free. */
const UNKNOWN_PRICE = "-1";

/** Prices are dollars per token as decimal strings. */
export function modelView(model: OfferedModel): Model {
  const { inputModalities, outputModalities } = model;
  return {
    id: model.id,
    canonical_slug: model.id,
    name: model.name,
    created: model.created,
    description: model.description,
    context_length: model.contextLength,
    architecture: {
      modality: `${inputModalities.join("+")}->${outputModalities.join("+")}`,
      input_modalities: [...inputModalities],
      output_modalities: [...outputModalities],
      tokenizer: "Other",
      instruct_type: null,
    },
    pricing: pricingView(model.price),
    top_provider: {
      context_length: model.contextLength,
      max_completion_tokens: model.maxCompletionTokens,
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: [...model.supportedParameters],
    default_parameters: null,
    supported_voices: null,
    links: { details: `/models/${model.id}` },
  };
}

function pricingView(price: Price | null): Model["pricing"] {
  if (price === null) return { prompt: UNKNOWN_PRICE, completion: UNKNOWN_PRICE };
  const { cachedPromptNanoPerMillion } = price;
  return {
    prompt: usdPerTokenString(price.promptNanoPerMillion),
    completion: usdPerTokenString(price.completionNanoPerMillion),
    ...(cachedPromptNanoPerMillion === null ? {} : { input_cache_read: usdPerTokenString(cachedPromptNanoPerMillion) }),
  };
}
