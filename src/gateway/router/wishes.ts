/** What a request wishes of the choice of providers: OpenRouter's `provider` object, checked and with its defaults. */

export const SORTS = ["price", "throughput", "latency", "exacto"] as const;
export type SortBy = (typeof SORTS)[number];

/** A bound at one or several percentiles of what was measured. */
export type PercentileBounds = Readonly<Partial<Record<"p50" | "p75" | "p90" | "p99", number>>>;

/** Nano-dollars; per million tokens for `prompt`, `completion` and `audio`, per request or picture for the others. */
export interface MaxPrice {
  promptNanoPerMillion: bigint | null;
  completionNanoPerMillion: bigint | null;
  requestNano: bigint | null;
  imageNano: bigint | null;
  audioNanoPerMillion: bigint | null;
}

export interface RoutingWishes {
  /** Slugs in lower case, base or tagged, in the order to try; empty for none. */
  order: readonly string[];
  /** Null allows every provider. An empty list allows none. */
  only: readonly string[] | null;
  ignore: readonly string[];
  allowFallbacks: boolean;
  requireParameters: boolean;
  /** True where only providers may answer that neither keep prompts for training nor publish them. */
  denyDataCollection: boolean;
  zeroDataRetention: boolean;
  distillableOnly: boolean;
  /** Null for any. */
  quantizations: readonly string[] | null;
  sort: { by: SortBy; acrossModels: boolean } | null;
  maxPrice: MaxPrice | null;
  /** Tokens per second. */
  minThroughput: PercentileBounds | null;
  /** Seconds to the first token. */
  maxLatency: PercentileBounds | null;
}

/** What one source says: the request, a preset, the account. A field that is not there was not spoken of. */
export type StatedWishes = Readonly<Partial<RoutingWishes>>;

export const NO_WISHES: RoutingWishes = {
  order: [],
  only: null,
  ignore: [],
  allowFallbacks: true,
  requireParameters: false,
  denyDataCollection: false,
  zeroDataRetention: false,
  distillableOnly: false,
  quantizations: null,
  sort: null,
  maxPrice: null,
  minThroughput: null,
  maxLatency: null,
};
