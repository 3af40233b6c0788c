import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";

/** Every model with who serves it. */
export const modelsQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => call("getCatalog", { signal }),
});
