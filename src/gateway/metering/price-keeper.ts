/**
 * Sees to it that the figures behind a charge are kept before the charge is: each version once in the life of the
 * process, which costs every later request one look into a set.
 */
import type { Price } from "../../catalog/price.ts";
import { priceRecordOf } from "../../catalog/price-record.ts";
import type { PriceSink } from "../ports.ts";

export class PriceKeeper {
  readonly #sink: PriceSink;
  readonly #kept = new Set<string>();

  constructor(sink: PriceSink) {
    this.#sink = sink;
  }

  /** Nothing for a price that is kept already, else a promise that resolves when it is. Rejects when storage fails. */
  keep(price: Price): undefined | Promise<void> {
    const { version, rates } = priceRecordOf(price);
    if (this.#kept.has(version)) return undefined;
    return this.#sink.keep(version, rates).then(() => {
      this.#kept.add(version);
    });
  }
}
