/** Records of answers that were charged, with the figures of their price, for making each charge again. */
import type { Db } from "../open.ts";

/** The rules of docs/billing.md by which something is paid. */
const CHARGED_BY = ["reported", "counted", "left", "cut", "interrupted"];

export type ChargedRow = Awaited<ReturnType<typeof chargedRows>>[number];

/** In the order of their ids, from the one after `after`. `rates` is null where no figures are kept. */
export function chargedRows(db: Db, after: string, most: number) {
  return db
    .selectFrom("usage")
    .leftJoin("price_version", "price_version.version", "usage.price_version")
    .select([
      "usage.id",
      "usage.created_at",
      "usage.settled_as",
      "usage.cost_nano",
      "usage.loss_nano",
      "usage.upstream_cost_nano",
      "usage.price_version",
      "usage.prompt_tokens",
      "usage.cached_tokens",
      "usage.cache_write_tokens",
      "usage.completion_tokens",
      "usage.reasoning_tokens",
      "usage.image_completion_tokens",
      "usage.billed_parts",
      "price_version.rates",
    ])
    .where("usage.id", ">", after)
    .where("usage.settled_as", "in", CHARGED_BY)
    .where("usage.cost_nano", "is not", null)
    .orderBy("usage.id")
    .limit(most)
    .execute();
}
