/**
 * What a charge records of its price: a version that names where the figures come from and what they are, and the figures
 * themselves, which are kept once under that version. So every charge can be recomputed, whatever became of the source.
 */
import { priceText } from "./book/book-price.ts";
import type { Price } from "./price.ts";

export interface PriceRecord {
  /** `<source>#<digest of the figures>`. */
  version: string;
  /** The figures as `priceFromText` reads them. */
  rates: string;
}

const DIGEST_LENGTH = 16;
/** A price is the same object for as long as the catalogue does not change. */
const records = new WeakMap<Price, PriceRecord>();

export function priceRecordOf(price: Price): PriceRecord {
  const known = records.get(price);
  if (known) return known;
  const rates = priceText(price);
  const digest = new Bun.CryptoHasher("sha256").update(rates).digest("hex").slice(0, DIGEST_LENGTH);
  const record = { version: `${price.version}#${digest}`, rates };
  records.set(price, record);
  return record;
}
