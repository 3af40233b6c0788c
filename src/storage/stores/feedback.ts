/** What people reported about generations: one row for each generation and category, the last word counts. */
import type { Selectable } from "kysely";
import type { Db } from "../open.ts";
import type { FeedbackTable } from "../schema.ts";

export type Feedback = Selectable<FeedbackTable>;
export type FeedbackStore = ReturnType<typeof createFeedbackStore>;

export function createFeedbackStore(db: Db) {
  return {
    async put(feedback: Omit<Feedback, "created_at" | "updated_at">, nowMs: number): Promise<void> {
      await db
        .insertInto("generation_feedback")
        .values({ ...feedback, created_at: nowMs, updated_at: nowMs })
        .onConflict((conflict) =>
          conflict.columns(["generation_id", "category"]).doUpdateSet((eb) => ({
            comment: eb.ref("excluded.comment"),
            key_id: eb.ref("excluded.key_id"),
            updated_at: eb.ref("excluded.updated_at"),
          })),
        )
        .execute();
    },

    /** Everything reported about one generation, oldest first. */
    of(userId: string, generationId: string): Promise<Feedback[]> {
      return db
        .selectFrom("generation_feedback")
        .selectAll()
        .where("generation_id", "=", generationId)
        .where("user_id", "=", userId)
        .orderBy("created_at")
        .orderBy("category")
        .execute();
    },
  };
}
