import { useActiveAccount } from "../team/accounts.ts";
import { DIMENSIONS, type Dimension, type FilterSearch } from "./usage-search.ts";

/**
 * What use can be split and narrowed down by: by member only where there are several, all of whom may be seen; of all
 * accounts, by key and app only within one of them.
 */
export function useDimensions({ scope, account }: Pick<FilterSearch, "scope" | "account">): readonly Dimension[] {
  const { kind, role } = useActiveAccount();
  if (scope === "all") return account === undefined ? DIMENSIONS.slice(0, 3) : DIMENSIONS.slice(0, 5);
  const hasMembers = kind === "team" && role !== "member";
  return DIMENSIONS.filter((dimension) => dimension !== "account" && (dimension !== "member" || hasMembers));
}

/** What the address narrows down by, as far as it can be asked. */
export function filterOf({ scope, account, ...search }: FilterSearch): Pick<FilterSearch, Dimension> {
  const { model, provider, key, app, member } = search;
  if (scope !== "all") return { model, provider, key, app, member };
  return account === undefined ? { model, provider } : { account, model, provider, key, app };
}
