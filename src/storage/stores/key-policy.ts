/** What the owner of the instance demands of every key; one row of `instance`. */
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import { type KeyPolicy, MOST_LIFETIME_DAYS, NO_POLICY } from "../../kernel/key-life.ts";
import type { Db } from "../open.ts";

const NAME = "key_policy";

export async function readKeyPolicy(db: Db): Promise<KeyPolicy> {
  const row = await db.selectFrom("instance").select("value").where("name", "=", NAME).executeTakeFirst();
  const parsed = parseJson(row?.value ?? "null");
  if (!parsed.ok || !isJsonObject(parsed.value)) return NO_POLICY;
  const { maxLifetimeDays: days } = parsed.value;
  const isWhole = typeof days === "number" && Number.isSafeInteger(days) && days >= 1 && days <= MOST_LIFETIME_DAYS;
  return { maxLifetimeDays: isWhole ? days : null };
}

export async function writeKeyPolicy(db: Db, policy: KeyPolicy): Promise<void> {
  const value = JSON.stringify(policy);
  await db
    .insertInto("instance")
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}
