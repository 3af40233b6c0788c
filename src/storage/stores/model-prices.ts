/**
 * Prices that the operator has set in the dashboard, one for each model of a provider.
 *
 * A price that was taken back leaves its row without figures, so that the stamp never comes back to a former number:
 * by it every process sees that something has changed.
 */
import { sql } from "kysely";
import type { Db } from "../open.ts";

export interface StoredPrice {
  /** The slug of the provider. */
  provider: string;
  /** `author/slug` of the model. */
  model: string;
  /** The figures as `priceText` writes them. */
  rates: string;
}

export type ModelPriceStore = ReturnType<typeof createModelPriceStore>;

export function createModelPriceStore(db: Db) {
  return {
    /** Those that are in force. */
    async all(): Promise<StoredPrice[]> {
      const rows = await db
        .selectFrom("model_price")
        .select(["provider", "model", "rates"])
        .where("rates", "is not", null)
        .orderBy("provider")
        .orderBy("model")
        .execute();
      return rows.flatMap(({ provider, model, rates }) => (rates === null ? [] : [{ provider, model, rates }]));
    },

    /** The figures that are in force for a model of a provider, or null. */
    async get(provider: string, model: string): Promise<string | null> {
      const row = await db
        .selectFrom("model_price")
        .select("rates")
        .where("provider", "=", provider)
        .where("model", "=", model)
        .executeTakeFirst();
      return row?.rates ?? null;
    },

    /** Puts figures in place of the former ones; null takes them back. */
    async put(
      { provider, model, rates }: Omit<StoredPrice, "rates"> & { rates: string | null },
      nowMs: number,
    ): Promise<void> {
      await db
        .insertInto("model_price")
        .values({ provider, model, rates, updated_at: nowMs, version: 1 })
        .onConflict((conflict) =>
          conflict.columns(["provider", "model"]).doUpdateSet((eb) => ({
            rates: eb.ref("excluded.rates"),
            updated_at: eb.ref("excluded.updated_at"),
            version: sql<number>`model_price.version + 1`,
          })),
        )
        .execute();
    },

    /** Another number after every change. */
    async stamp(): Promise<number> {
      const sum = sql<number>`cast(coalesce(sum(version), 0) as bigint)`.as("stamp");
      return (await db.selectFrom("model_price").select(sum).executeTakeFirstOrThrow()).stamp;
    },
  };
}
