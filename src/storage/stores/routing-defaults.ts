/** Wishes about providers that hold for every request of an account, and those of the whole instance. */
import { sql } from "kysely";
import { isJsonObject, type JsonObject, parseJson } from "../../kernel/json.ts";
import type { Db } from "../open.ts";

/** The row of the whole instance. */
export const INSTANCE_OWNER = "";

export interface StoredDefaults {
  ownerId: string;
  /** Fields of a request, as it would write them: `provider` and `model`. */
  wishes: JsonObject;
}

export type RoutingDefaultsStore = ReturnType<typeof createRoutingDefaultsStore>;

export function createRoutingDefaultsStore(db: Db) {
  return {
    /** An empty object where nothing is set. */
    async get(ownerId: string): Promise<JsonObject> {
      const row = await db
        .selectFrom("routing_defaults")
        .select("wishes")
        .where("owner_id", "=", ownerId)
        .executeTakeFirst();
      return row === undefined ? {} : wishesOf(row.wishes);
    },

    async put(ownerId: string, wishes: JsonObject, nowMs: number): Promise<void> {
      const row = { owner_id: ownerId, wishes: JSON.stringify(wishes), updated_at: nowMs, version: 1 };
      await db
        .insertInto("routing_defaults")
        .values(row)
        .onConflict((conflict) =>
          conflict.column("owner_id").doUpdateSet((eb) => ({
            wishes: eb.ref("excluded.wishes"),
            updated_at: eb.ref("excluded.updated_at"),
            version: sql<number>`routing_defaults.version + 1`,
          })),
        )
        .execute();
    },

    async all(): Promise<StoredDefaults[]> {
      const rows = await db.selectFrom("routing_defaults").select(["owner_id", "wishes"]).execute();
      return rows.map((row) => ({ ownerId: row.owner_id, wishes: wishesOf(row.wishes) }));
    },

    /** Another number after every change, for a look twice a second. */
    async stamp(): Promise<number> {
      const sum = sql<number>`cast(coalesce(sum(version), 0) as bigint)`.as("stamp");
      return (await db.selectFrom("routing_defaults").select(sum).executeTakeFirstOrThrow()).stamp;
    },
  };
}

/** Throws for what is no JSON object: wishes that cannot be read must not count as none. */
function wishesOf(text: string): JsonObject {
  const parsed = parseJson(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  throw new Error("a row of routing_defaults holds no JSON object");
}
