/** The shapes of what the pages about models and the Playground ask for. */
import { z } from "zod";
import { idParams } from "../schemas/common.ts";
import * as modelPrices from "../schemas/model-prices.ts";
import * as models from "../schemas/models.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const modelShapes = {
  getCatalog: { summary: "Every model with who serves it", status: 200, response: models.catalogSchema },
  getCatalogModel: {
    summary: "One model with everybody who serves it, their prices, health and data policies",
    status: 200,
    response: models.catalogModelPageSchema,
    params: models.modelParams,
  },
  listModelPrices: {
    summary: "What a provider's models cost here, and where each price comes from",
    status: 200,
    response: modelPrices.modelPriceListSchema,
    query: modelPrices.modelPricesQuery,
  },
  setModelPrice: {
    summary: "Set a price of one's own for a model of a provider, or take it back",
    status: 200,
    response: modelPrices.modelPriceSchema,
    body: modelPrices.setModelPriceBody,
  },
  /** The body is a chat completion; the data plane reads and checks it. */
  playgroundChat: {
    summary: "Talk to a model with one of the own keys, from the dashboard",
    status: 200,
    response: z.string(),
    media: "text/event-stream",
    params: idParams,
  },
} as const satisfies Record<string, RouteShapes>;
