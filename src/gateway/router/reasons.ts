/** Why an endpoint stands where it stands: as words for programs, and as a sentence for people. */

/** By what it was put in its place among those that nothing speaks against. */
export type Place =
  | "only"
  | "named"
  | "same-conversation"
  | "drawn-by-price"
  | "drawn-by-weight"
  | "price"
  | "throughput"
  | "latency"
  | "quality";

/** What put it behind others. */
export type Demerit =
  | "unavailable"
  | "unsuitable"
  | "last-resort"
  | "outage"
  | "degraded"
  | "misses-preferred"
  | "demoted"
  | "lower-priority"
  | "price-unknown";

export interface Why {
  place: Place;
  demerits: readonly Demerit[];
  /** Of a draw: the share of requests for which it is the first, 0 to 1. */
  share?: number;
  /** What it would answer without: names of parameters, kinds of input. */
  lacking?: readonly string[];
  /** True where another model was named before this one. */
  isOtherModel: boolean;
}

const PLACES: Record<Place, string> = {
  only: "the only endpoint",
  named: "named in order",
  "same-conversation": "answered this conversation before",
  "drawn-by-price": "drawn by price",
  "drawn-by-weight": "drawn by weight",
  price: "next by price",
  throughput: "sorted by throughput",
  latency: "sorted by latency",
  quality: "sorted by quality",
};

const DEMERITS: Record<Demerit, string> = {
  unavailable: "unavailable now",
  unsuitable: "would answer without",
  "last-resort": "uptime below 80 %",
  outage: "outage in the last 30 seconds",
  degraded: "uptime below 95 %",
  "misses-preferred": "slower than preferred",
  demoted: "worse than the others",
  "lower-priority": "of a later priority",
  "price-unknown": "price unknown",
};

/** In English, as the records and the API have it: "drawn by price (90 % of requests)", "next by price; price unknown". */
export function reasonText({ place, demerits, share, lacking = [], isOtherModel }: Why): string {
  if (share === undefined && demerits.length === 0 && !isOtherModel) return PLACES[place];
  const drawn = share === undefined ? "" : ` (${percent(share)} of requests)`;
  const against = demerits.map((demerit) =>
    demerit === "unsuitable" ? `${DEMERITS.unsuitable} ${lacking.join(", ")}` : DEMERITS[demerit],
  );
  return [`${isOtherModel ? "fallback model, " : ""}${PLACES[place]}${drawn}`, ...against].join("; ");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
