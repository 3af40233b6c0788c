import { queryOptions } from "@tanstack/react-query";
import { call } from "../../lib/api.ts";

export const accountSecurityQuery = queryOptions({
  queryKey: ["account-security"],
  queryFn: ({ signal }) => call("getAccountSecurity", { signal }),
});
