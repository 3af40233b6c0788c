/** Endpoints for tests that need one and not a whole catalogue. */
import type { Endpoint, OfferedModel } from "../../src/catalog/catalog.ts";
import type { Price } from "../../src/catalog/price.ts";

/** `slug` may hold a tag: `deepinfra/fp8`. The model is `acme/m` unless `more` says otherwise. */
export function endpointAt(slug: string, more: Partial<Endpoint> = {}): Endpoint {
  const [providerSlug = slug] = slug.split("/");
  return {
    providerSlug,
    providerName: providerSlug.toUpperCase(),
    tag: slug,
    providerNames: [providerSlug],
    dataPolicy: {},
    modelId: "acme/m",
    upstreamModel: "m",
    price: null,
    reason: "named",
    ...more,
  };
}

/** Dollars per million tokens. */
export function priceOf(prompt: number, completion = prompt): Price {
  return {
    version: "test:1",
    promptNanoPerMillion: BigInt(Math.round(prompt * 1e9)),
    completionNanoPerMillion: BigInt(Math.round(completion * 1e9)),
    cachedPromptNanoPerMillion: null,
    overrides: [],
  };
}

export function modelWith(more: Partial<OfferedModel> = {}): OfferedModel {
  return {
    id: "acme/m",
    upstreamModel: "m",
    name: "M",
    description: "",
    created: 0,
    contextLength: null,
    maxCompletionTokens: null,
    inputModalities: ["text"],
    outputModalities: ["text"],
    supportedParameters: [],
    price: null,
    ...more,
  };
}
