import { doneSchema } from "../schemas/account.ts";
import { idParams } from "../schemas/common.ts";
import * as views from "../schemas/saved-views.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const savedViewShapes = {
  listViews: {
    summary: "What somebody wants to see again on a page",
    status: 200,
    response: views.viewListSchema,
    query: views.listViewsQuery,
  },
  saveView: {
    summary: "Keep what a page shows under a name; one of the same name is replaced",
    status: 200,
    response: views.viewSchema,
    body: views.saveViewBody,
  },
  deleteView: { summary: "Delete a view", status: 200, response: doneSchema, params: idParams },
} as const satisfies Record<string, RouteShapes>;
