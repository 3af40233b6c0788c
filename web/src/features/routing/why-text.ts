/** The router's reasons in the reader's language; a word of a newer server stands as it came. */
import type { TFunction } from "i18next";
import type { WhyView } from "../../../../src/contract/schemas/dry-run.ts";
import type { Locale } from "../../../../src/kernel/locale.ts";
import { formatShare } from "../../lib/format.ts";

const PLACES = {
  only: "routing.place_only",
  named: "routing.place_named",
  "same-conversation": "routing.place_sameConversation",
  "drawn-by-price": "routing.place_drawnByPrice",
  "drawn-by-weight": "routing.place_drawnByWeight",
  price: "routing.place_price",
  throughput: "routing.place_throughput",
  latency: "routing.place_latency",
  quality: "routing.place_quality",
} as const;

const DEMERITS = {
  unavailable: "routing.demerit_unavailable",
  unsuitable: "routing.demerit_unsuitable",
  "last-resort": "routing.demerit_lastResort",
  outage: "routing.demerit_outage",
  degraded: "routing.demerit_degraded",
  "misses-preferred": "routing.demerit_missesPreferred",
  demoted: "routing.demerit_demoted",
  "lower-priority": "routing.demerit_lowerPriority",
  "price-unknown": "routing.demerit_priceUnknown",
} as const;

const BECAUSE = {
  "data_policy:zdr": "routing.because_zdr",
  "data_policy:training": "routing.because_training",
  max_price: "routing.because_maxPrice",
  context_length: "routing.because_contextLength",
  require_parameters: "routing.because_requireParameters",
  quantization: "routing.because_quantization",
  allowed_providers: "routing.because_allowedProviders",
  ignored_providers: "routing.because_ignoredProviders",
  service_tier: "routing.because_serviceTier",
  distillation: "routing.because_distillation",
  max_tokens: "routing.because_maxTokens",
  free_variant: "routing.because_freeVariant",
  allowed_models: "routing.because_allowedModels",
  allow_fallbacks: "routing.because_fallbacks",
} as const;

interface Reason {
  /** In English. */
  reason: string;
  why: WhyView | null;
}

/** A record from before the words were kept has only the English. */
export function whyText({ reason, why }: Reason, t: TFunction, locale: Locale): string {
  const known = why === null ? undefined : textIn(PLACES, why.place);
  if (why === null || known === undefined) return reason;
  const place =
    why.share === null
      ? t(known)
      : t("routing.place_share", { place: t(known), share: formatShare(why.share, locale) });
  const lacking = why.lacking.join(", ");
  const against = why.demerits.map((demerit) => {
    const text = textIn(DEMERITS, demerit);
    return text === undefined ? demerit : t(text, { lacking });
  });
  return [why.other_model ? t("routing.place_otherModel", { place }) : place, ...against].join("; ");
}

export function becauseText(because: string, t: TFunction): string {
  const text = textIn(BECAUSE, because);
  return text === undefined ? because : t(text);
}

function textIn<Words extends Record<string, string>>(words: Words, word: string): Words[keyof Words] | undefined {
  const isKnown = (name: string): name is Extract<keyof Words, string> => Object.hasOwn(words, name);
  return isKnown(word) ? words[word] : undefined;
}
