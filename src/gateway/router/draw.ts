/** Who of several equals goes first: each in turn as often as its price, or the operator's weight, says. */
import type { Candidate } from "./order.ts";
import type { Place } from "./reasons.ts";

export interface Draw {
  candidate: Candidate;
  by: Extract<Place, "drawn-by-price" | "drawn-by-weight">;
  /** How often it is drawn, 0 to 1. */
  share: number;
}

/**
 * Draws with weight 1/price². Where the operator has given one of them a weight, weights alone decide. What costs
 * nothing goes before what has a price, and what has a known price before what has none. Null for fewer than two.
 */
export function drawFirst(equals: readonly Candidate[], random: () => number): Draw | null {
  if (equals.length < 2) return null;
  const isWeighted = equals.some(({ endpoint }) => endpoint.weight !== undefined);
  const weights = isWeighted ? equals.map(({ endpoint }) => endpoint.weight ?? 1) : priceWeights(equals);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0)) return null;
  const by = isWeighted ? "drawn-by-weight" : "drawn-by-price";
  let left = random() * sum;
  let drawn: Draw | null = null;
  for (const [index, candidate] of equals.entries()) {
    const weight = weights[index] ?? 0;
    if (weight <= 0) continue;
    drawn = { candidate, by, share: weight / sum };
    left -= weight;
    if (left < 0) break;
  }
  return drawn;
}

function priceWeights(equals: readonly Candidate[]): number[] {
  const known = equals.flatMap(({ price }) => (price === null ? [] : [price]));
  if (known.length === 0) return equals.map(() => 1);
  const cheapest = Math.min(...known);
  return equals.map(({ price }) => {
    if (price === null) return 0;
    if (cheapest === 0) return price === 0 ? 1 : 0;
    // Against the cheapest, so that no weight is too small for a double.
    return (cheapest / price) ** 2;
  });
}
