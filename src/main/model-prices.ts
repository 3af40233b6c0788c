/**
 * Prices that the operator has set in the dashboard: brought from the database into the catalogue at the start, after
 * every change here, and by looking every second on every other process.
 *
 * Failure modes: while the database cannot be asked, the prices that were read last stay in force.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { ownPriceOf, priceHandlers } from "../control/models/price-handlers.ts";
import type { Clock } from "../kernel/clock.ts";
import { inTurn } from "../kernel/in-turn.ts";
import type { Db } from "../storage/open.ts";
import type { AuditStore } from "../storage/stores/audit.ts";
import { createModelPriceStore } from "../storage/stores/model-prices.ts";

export type ModelPrices = Awaited<ReturnType<typeof modelPricesOf>>;

/** Rejects when the database cannot be asked: no call may be charged with another price than the operator's. */
export async function modelPricesOf(db: Db, catalog: Catalog) {
  const store = createModelPriceStore(db);
  let stamp = 0;
  const sync = inTurn(async () => {
    const next = await store.stamp();
    if (next === stamp) return;
    const rows = await store.all();
    catalog.setOwnPrices(rows.map(({ provider, model, rates }) => ({ provider, model, price: ownPriceOf(rates) })));
    stamp = next;
  });
  await sync();
  return {
    sync,
    handlersFor: ({ audit, clock }: { audit: AuditStore; clock: Clock }) =>
      priceHandlers({ catalog, store, storeOn: createModelPriceStore, audit, clock, onPricesChanged: sync }),
  };
}
