import { expect, test } from "bun:test";
import { eachEngine } from "../../test/support/databases.ts";
import { modelWith } from "../../test/support/endpoints.ts";
import { Catalog } from "../catalog/catalog.ts";
import { createModelPriceStore } from "../storage/stores/model-prices.ts";
import { modelPricesOf } from "./model-prices.ts";

const GPT = { provider: "openai", model: "openai/gpt-4o" };

function catalogWithGpt(): Catalog {
  const catalog = new Catalog();
  catalog.report({
    slug: "openai",
    name: "OpenAI",
    rank: 1,
    models: [modelWith({ id: GPT.model, upstreamModel: "gpt-4o" })],
  });
  return catalog;
}

eachEngine((databases) => {
  test("a price that another process has set or taken back is in force after the next look", async () => {
    const { db } = await databases.open();
    const catalog = catalogWithGpt();
    const brought = catalog.priceOf("openai", GPT.model);
    const prices = await modelPricesOf(db, catalog);
    const elsewhere = createModelPriceStore(db);
    await elsewhere.put({ ...GPT, rates: '{"prompt":7,"completion":8}' }, 1);
    await prices.sync();
    expect(catalog.priceOf("openai", GPT.model)).toMatchObject({ version: "dashboard", promptNanoPerMillion: 7n });
    const started = catalogWithGpt();
    await modelPricesOf(db, started);
    expect(started.priceOf("openai", GPT.model)).toMatchObject({ version: "dashboard", completionNanoPerMillion: 8n });
    await elsewhere.put({ ...GPT, rates: null }, 2);
    await prices.sync();
    expect(catalog.priceOf("openai", GPT.model)).toEqual(brought);
  });
});
