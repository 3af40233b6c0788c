/**
 * One model of one provider, from all that is known of it. Of two sources the later one counts: the bundled price book,
 * the provider's own list, a price book that was fetched since, the operator's prices of the dashboard, the operator's file.
 */
import type { OfferedModel } from "./catalog.ts";
import { type KnownModel, type KnownModels, knownModel, knownModelOfProvider } from "./known-models.ts";
import type { Overrides } from "./overrides.ts";
import type { OwnPrices } from "./own-prices.ts";
import { namedQuantization } from "./quantizations.ts";

export interface Layers {
  /** Null while none was fetched. */
  refreshed: KnownModels | null;
  ownPrices: OwnPrices;
  overrides: Overrides;
}

/** `pricedAs` is the slug under which the price books know the provider, null when they do not. */
export function layeredModel(
  model: OfferedModel,
  provider: { slug: string; pricedAs: string | null },
  { refreshed, ownPrices, overrides }: Layers,
): OfferedModel {
  const { slug, pricedAs } = provider;
  const bundled = pricedAs === null ? undefined : knownModelOfProvider(pricedAs, model.upstreamModel);
  const newer = pricedAs === null ? undefined : refreshed?.ofProviderNamed(pricedAs, model.upstreamModel);
  // Without word of the provider itself, what is known of the model elsewhere tells its kind, but never its price.
  const anywhere = bundled ?? knownModel(model.id);
  const filled = model.isPlain ? withTraits(model, anywhere) : model;
  const id = model.isPlain ? sharedId(model, bundled) : model.id;
  // A book may price several models by one entry ("gpt-5.1-codex" by that of "gpt-5.1"); only the name's own one names it.
  const ownSlug = anywhere?.id === id ? anywhere.canonicalSlug : undefined;
  const layered = {
    ...filled,
    id,
    canonicalSlug: model.canonicalSlug ?? ownSlug ?? id,
    contextLength: newer?.contextLength ?? filled.contextLength ?? bundled?.contextLength ?? null,
    price: ownPrices.find(slug, id) ?? newer?.price ?? model.price ?? bundled?.price ?? null,
    ...quantizationOf(filled),
  };
  return overrides.applied(layered, slug);
}

function quantizationOf({ quantization, upstreamModel }: OfferedModel): Pick<OfferedModel, "quantization"> {
  const level = quantization ?? namedQuantization(upstreamModel);
  return level === undefined ? {} : { quantization: level };
}

/** The id that the model has everywhere. A dated name stays itself: it is another offer than the undated one. */
function sharedId(model: OfferedModel, known: KnownModel | undefined): string {
  const isItsName = known?.upstreamModel.toLowerCase() === model.upstreamModel.toLowerCase();
  return known && isItsName ? known.id : model.id;
}

function withTraits(model: OfferedModel, known: KnownModel | undefined): OfferedModel {
  if (!known) return model;
  return {
    ...model,
    name: model.name === model.upstreamModel ? known.name : model.name,
    description: model.description === "" ? known.description : model.description,
    inputModalities: known.inputModalities,
    outputModalities: known.outputModalities,
    supportedParameters: known.supportedParameters.length > 0 ? known.supportedParameters : model.supportedParameters,
  };
}
