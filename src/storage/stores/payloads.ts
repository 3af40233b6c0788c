/**
 * Requests and answers, for as long as an operator wants them kept. Sealed before they reach the database; gone with
 * their account, and after the retention.
 */
import { asChecked, type JsonValue, parseJson } from "../../kernel/json.ts";
import type { Db } from "../open.ts";
import type { Sealer } from "./sealed-text.ts";

/** What is kept of one generation. */
export interface StoredPayload {
  input: { prompt: string } | { messages: JsonValue[] };
  output: {
    completion: string | null;
    reasoning: string | null;
    toolCalls: { id: string; name: string; arguments: string }[];
  };
  error: { status: number; message: string; provider: string | null; raw: string | null } | null;
  isTruncated: boolean;
}

export interface PayloadOwner {
  generationId: string;
  userId: string;
  createdAt: number;
}

export type PayloadStore = ReturnType<typeof createPayloadStore>;

export function createPayloadStore(db: Db, sealer: Sealer) {
  return {
    async keep(owner: PayloadOwner, payload: StoredPayload): Promise<void> {
      const { input, output, error, isTruncated } = payload;
      const text = JSON.stringify({ input, output, error, isTruncated });
      await db
        .insertInto("generation_payload")
        .values({
          generation_id: owner.generationId,
          user_id: owner.userId,
          created_at: owner.createdAt,
          sealed: sealer.seal(text, nameOf(owner)),
        })
        .onConflict((conflict) => conflict.column("generation_id").doNothing())
        .execute();
    },

    /** Null when none was kept, when it is somebody else's, and when it was sealed under another secret. */
    async find(userId: string, generationId: string): Promise<StoredPayload | null> {
      const row = await db
        .selectFrom("generation_payload")
        .select("sealed")
        .where("generation_id", "=", generationId)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      const text = row ? sealer.open(row.sealed, nameOf({ generationId, userId })) : null;
      const parsed = text === null ? null : parseJson(text);
      return parsed?.ok === true ? asChecked<StoredPayload>(parsed.value) : null;
    },

    /** Deletes what was kept before `beforeMs`. */
    async prune(beforeMs: number): Promise<void> {
      await db.deleteFrom("generation_payload").where("created_at", "<", beforeMs).execute();
    },
  };
}

function nameOf({ generationId, userId }: Pick<PayloadOwner, "generationId" | "userId">): string {
  return `${userId}/${generationId}`;
}
