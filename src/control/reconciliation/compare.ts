/**
 * Holds a provider's export against our own rows. Pure: rows are handed in, in any order and in as many portions as one
 * likes. Requests are matched by the provider's id of the answer; where an export only has sums, days and models are.
 *
 * Invariants: every entry and every row counts exactly once, on its own side; only figures that the export has are
 * compared; of differences at most MOST_DIFFERENCES are told one by one, all of them are counted.
 */
import { DATE } from "../../catalog/names/model-ids.ts";
import type { NanoUsd } from "../../kernel/money.ts";
import { dayOf } from "../../kernel/windows.ts";
import type { ProviderEntry } from "./entry.ts";
import { NOTHING, plus, type Said, type Sums } from "./sums.ts";

/** One of our rows, as far as money is concerned. */
export interface OurRow {
  id: string;
  upstreamId: string | null;
  createdAtMs: number;
  model: string | null;
  inputTokens: number;
  outputTokens: number;
  /** What was charged; null when no price is known. */
  chargedNano: NanoUsd | null;
  /** What it cost beyond that, which the operator bears. */
  lossNano: NanoUsd;
  /** The tokens are our own count, because the provider did not say. */
  isEstimated: boolean;
}

export const REASONS = ["notOurs", "notTheirs", "estimated", "unpriced", "loss", "price", "tokens"] as const;
/**
 * notOurs: the provider has more requests. notTheirs: we have more. estimated: we counted tokens ourselves. unpriced: we
 * knew no price. loss: the operator bore a part. price: the same tokens at another price. tokens: nothing explains it.
 */
export type Reason = (typeof REASONS)[number];

export interface Difference {
  /** The provider's id of the answer; null for a sum. */
  id: string | null;
  atMs: number;
  model: string | null;
  theirs: Sums | null;
  ours: Sums | null;
  reasons: Reason[];
}

export interface Comparison {
  /** What was matched: single requests, or the sums of days. */
  by: "request" | "day";
  said: Said;
  theirs: Sums;
  ours: Sums;
  /** The part of our costs that nobody was charged. */
  lossNano: NanoUsd;
  /** Requests or days that agree. */
  agreeing: number;
  differing: number;
  reasons: Record<Reason, number>;
  /** The largest first. */
  differences: Difference[];
}

export const MOST_DIFFERENCES = 500;
/** Providers round each request to a millionth of a dollar or finer. */
const ROUNDING_NANO = 1_000n;

/** What stands on both sides of one id, or of one day and model. */
interface Pair {
  id: string | null;
  atMs: number;
  model: string | null;
  theirs: Sums | null;
  ours: Sums | null;
  estimated: number;
  unpriced: number;
  lossNano: NanoUsd;
}

export class Comparer {
  readonly #by: "request" | "day";
  readonly #said: Said;
  readonly #perModel: boolean;
  readonly #pairs = new Map<string, Pair>();

  constructor(entries: readonly ProviderEntry[]) {
    this.#by = entries.every(({ id }) => id !== null) ? "request" : "day";
    this.#perModel = entries.every(({ model }) => model !== null);
    this.#said = {
      requests: entries.every(({ requests }) => requests !== null),
      tokens: entries.every(({ inputTokens, outputTokens }) => inputTokens !== null && outputTokens !== null),
      cost: entries.every(({ costNano }) => costNano !== null),
    };
    for (const entry of entries) this.#addEntry(entry);
  }

  #addEntry(entry: ProviderEntry): void {
    const pair = this.#pairOf(this.#nameOf(entry.id, entry.atMs, entry.model), entry);
    pair.theirs = plus(pair.theirs ?? NOTHING, {
      requests: entry.requests ?? 0,
      inputTokens: entry.inputTokens ?? 0,
      outputTokens: entry.outputTokens ?? 0,
      costNano: entry.costNano ?? 0n,
    });
  }

  addOurs(rows: readonly OurRow[]): void {
    for (const row of rows) {
      const id = row.upstreamId ?? row.id;
      const place = { id: this.#by === "request" ? id : null, atMs: row.createdAtMs, model: row.model };
      const pair = this.#pairOf(this.#nameOf(id, row.createdAtMs, row.model), place);
      pair.ours = plus(pair.ours ?? NOTHING, {
        requests: 1,
        inputTokens: row.inputTokens,
        outputTokens: row.outputTokens,
        costNano: (row.chargedNano ?? 0n) + row.lossNano,
      });
      pair.lossNano += row.lossNano;
      if (row.isEstimated) pair.estimated++;
      if (row.chargedNano === null) pair.unpriced++;
    }
  }

  #nameOf(id: string | null, atMs: number, model: string | null): string {
    if (this.#by === "request") return id ?? "";
    return this.#perModel ? `${dayOf(atMs)}/${modelName(model ?? "")}` : String(dayOf(atMs));
  }

  #pairOf(name: string, place: Pick<Pair, "id" | "atMs" | "model">): Pair {
    const known = this.#pairs.get(name);
    if (known) return known;
    const model = this.#by === "day" && !this.#perModel ? null : place.model;
    const begun = { theirs: null, ours: null, estimated: 0, unpriced: 0, lossNano: 0n };
    const pair = { id: place.id, atMs: place.atMs, model, ...begun };
    this.#pairs.set(name, pair);
    return pair;
  }

  result(): Comparison {
    const pairs = [...this.#pairs.values()];
    const sum = (side: (pair: Pair) => Sums | null) =>
      pairs.reduce((all, pair) => plus(all, side(pair) ?? NOTHING), NOTHING);
    const differences = pairs.flatMap((pair) => this.#differenceOf(pair));
    const counts = REASONS.map((reason) => [
      reason,
      differences.filter(({ reasons }) => reasons.includes(reason)).length,
    ]);
    return {
      by: this.#by,
      said: this.#said,
      theirs: sum(({ theirs }) => theirs),
      ours: sum(({ ours }) => ours),
      lossNano: pairs.reduce((all, { lossNano }) => all + lossNano, 0n),
      agreeing: pairs.length - differences.length,
      differing: differences.length,
      reasons: Object.fromEntries(counts),
      differences: differences.sort(byWeight).slice(0, MOST_DIFFERENCES),
    };
  }

  #differenceOf(pair: Pair): Difference[] {
    const { estimated: _, unpriced: __, lossNano: ___, ...shown } = pair;
    const reasons = this.#reasonsOf(pair);
    return reasons.length === 0 ? [] : [{ ...shown, reasons }];
  }

  #reasonsOf({ theirs, ours, estimated, unpriced, lossNano }: Pair): Reason[] {
    if (theirs === null) return ["notTheirs"];
    if (ours === null) return ["notOurs"];
    const { requests, tokens, cost } = this.#said;
    const sameTokens = theirs.inputTokens === ours.inputTokens && theirs.outputTokens === ours.outputTokens;
    const costDiffers = cost && !isRounding(theirs.costNano - ours.costNano, ours.requests);
    const tokensDiffer = tokens && !sameTokens;
    const more = requests ? theirs.requests - ours.requests : 0;
    if (!costDiffers && !tokensDiffer && more === 0) return [];
    const found: Reason[] = [];
    if (more > 0) found.push("notOurs");
    if (more < 0) found.push("notTheirs");
    if (estimated > 0 && (tokensDiffer || costDiffers)) found.push("estimated");
    if (unpriced > 0 && costDiffers) found.push("unpriced");
    if (lossNano > 0n && costDiffers) found.push("loss");
    if (found.length === 0) found.push(tokensDiffer || !costDiffers ? "tokens" : "price");
    return found;
  }
}

function isRounding(difference: NanoUsd, requests: number): boolean {
  const size = difference < 0n ? -difference : difference;
  return size <= ROUNDING_NANO * BigInt(Math.max(1, requests));
}

/** Letters and digits of a model's name, without who made it, when, and how it is served: enough to know it again. */
function modelName(name: string): string {
  const bare = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  return bare
    .replace(DATE, "")
    .replace(/:.*$/, "")
    .replaceAll(/[^a-z0-9]/g, "");
}

function byWeight(one: Difference, other: Difference): number {
  const [a, b] = [weightOf(one), weightOf(other)];
  return a === b ? one.atMs - other.atMs : a > b ? -1 : 1;
}

function weightOf({ theirs, ours }: Difference): bigint {
  const difference = (theirs?.costNano ?? 0n) - (ours?.costNano ?? 0n);
  const size = difference < 0n ? -difference : difference;
  if (size > 0n) return size * 1_000_000n;
  const tokens = Math.abs((theirs?.outputTokens ?? 0) - (ours?.outputTokens ?? 0));
  return BigInt(tokens);
}
