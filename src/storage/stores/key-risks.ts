/** What is needed to judge all working keys of an account at once. */
import type { Db } from "../open.ts";
import type { ApiKeyRecord } from "../schema.ts";

/** The most keys of one account that are judged at a time, the oldest first. */
export const MOST_JUDGED = 20_000;

export type JudgedKey = Pick<
  ApiKeyRecord,
  "id" | "kind" | "name" | "created_at" | "rotated_at" | "expires_at" | "limit_nano" | "allowed_networks"
> & { last_used_at: number | null };

/** Which keys of an account are judged. */
export interface JudgedWhich {
  userId: string;
  /** The person whose keys alone are meant; null for everybody's. */
  maker: string | null;
  /** The one that is meant; null for all. */
  keyId: string | null;
}

/** Those of them that can be called with now. */
export function workingKeys(db: Db, { userId, maker, keyId }: JudgedWhich, nowMs: number): Promise<JudgedKey[]> {
  const use = db.selectFrom("key_day").where("user_id", "=", userId);
  const used = (keyId === null ? use : use.where("key_id", "=", keyId))
    .select((eb) => ["key_id", eb.fn.max<number>("last_used_at").as("last_used_at")])
    .groupBy("key_id")
    .as("used");
  const working = db
    .selectFrom("api_key")
    .leftJoin(used, "used.key_id", "api_key.id")
    .select(["id", "kind", "name", "created_at", "rotated_at", "expires_at", "limit_nano", "allowed_networks"])
    .select("used.last_used_at")
    .where("user_id", "=", userId)
    .where("deleted_at", "is", null)
    .where("disabled_at", "is", null)
    .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", nowMs)]));
  const ofMaker = maker === null ? working : working.where("created_by", "=", maker);
  const wanted = keyId === null ? ofMaker : ofMaker.where("id", "=", keyId);
  return wanted.orderBy("created_at").orderBy("id").limit(MOST_JUDGED).execute();
}
