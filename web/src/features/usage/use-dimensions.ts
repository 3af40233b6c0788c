import { useActiveAccount } from "../team/accounts.ts";
import { DIMENSIONS, type Dimension } from "./usage-search.ts";

/** What use can be split and narrowed down by: by member only where there are several, all of whom may be seen. */
export function useDimensions(): readonly Dimension[] {
  const { kind, role } = useActiveAccount();
  const hasMembers = kind === "team" && role !== "member";
  return DIMENSIONS.filter((dimension) => dimension !== "member" || hasMembers);
}
