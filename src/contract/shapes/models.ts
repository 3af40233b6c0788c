/** The shapes of what the pages about models and the Playground ask for. */
import { z } from "zod";
import { idParams } from "../schemas/common.ts";
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
  /** The body is a chat completion; the data plane reads and checks it. */
  playgroundChat: {
    summary: "Talk to a model with one of the own keys, from the dashboard",
    status: 200,
    response: z.string(),
    media: "text/event-stream",
    params: idParams,
  },
} as const satisfies Record<string, RouteShapes>;
