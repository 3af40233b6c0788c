import { useAccount } from "../account/session.ts";
import type { FilterSearch } from "./usage-search.ts";

/** The address without what only whoever owns the instance can ask, for everybody else. */
export function useScoped<Search extends FilterSearch>(search: Search): Search {
  const isOwner = useAccount().role === "owner";
  return search.scope === "all" && isOwner ? search : { ...search, scope: undefined, account: undefined };
}
