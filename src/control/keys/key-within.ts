/** The one way in which the dashboard finds a key: within the account, and within what the role reaches there. */
import type { KeyWithUsage } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { SignedIn } from "../http/handler.ts";
import { keyNotFound } from "./key-changes.ts";

/** Throws resource_not_found for a key of another account, and of another member where only one's own may be seen. */
export async function keyWithin(
  keys: Pick<KeyStore, "get">,
  { accountId, onlyBy }: Pick<SignedIn, "accountId" | "onlyBy">,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<KeyWithUsage> {
  const key = await keys.get(accountId, id, nowMs);
  if (key === null || (onlyBy !== null && key.created_by !== onlyBy)) throw keyNotFound();
  return key;
}
