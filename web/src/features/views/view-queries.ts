/** Reading and changing views. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import type { ViewPage } from "../../../../src/contract/schemas/saved-views.ts";
import { call } from "../../lib/api.ts";
import { browserViews, forgetBrowserView } from "./browser-views.ts";

export function viewsQuery(page: ViewPage) {
  return queryOptions({
    queryKey: ["views", page],
    queryFn: async ({ signal }) => {
      const { views } = await call("listViews", { query: { page }, signal });
      if (page !== "logs" || !(await bringOver(new Set(views.map(({ name }) => name))))) return views;
      return (await call("listViews", { query: { page }, signal })).views;
    },
  });
}

/** Whether anything came over. What the server does not take stays here, for the next time. */
async function bringOver(known: ReadonlySet<string>): Promise<boolean> {
  let moved = false;
  for (const view of browserViews()) {
    try {
      if (!known.has(view.name)) await call("saveView", { body: view });
    } catch {
      continue;
    }
    forgetBrowserView(view.name);
    moved = true;
  }
  return moved;
}

export function useSaveView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"saveView">) => call("saveView", { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["views"] }),
  });
}

export function useDeleteView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("deleteView", { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["views"] }),
  });
}
