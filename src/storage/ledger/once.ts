/**
 * What happens once, however often it is asked: the answer is kept under the name that the asker gave, in the
 * transaction that did the work. So a crash leaves either both or nothing, and a second request that comes while the
 * first is at work waits for it and gets its answer.
 */
import type { Db } from "../open.ts";

export interface Once {
  /** Whose names they are. */
  principal: string;
  name: string;
  /** Of all that was asked: the same name may not stand for something else. */
  requestHash: string;
  nowMs: number;
}

export type Answered<Answer> =
  | { kind: "answered"; answer: Answer; isRepeated: boolean }
  /** The name was used for another request. */
  | { kind: "otherRequest" };

/** `work` runs in the transaction and gives the answer as JSON. What it throws leaves nothing behind. */
export function once(
  db: Db,
  { principal, name, requestHash, nowMs }: Once,
  work: (transaction: Db) => Promise<string>,
): Promise<Answered<string>> {
  return db.transaction().execute(async (transaction) => {
    const mine = await transaction
      .insertInto("idempotent_answer")
      .values({ principal, name, request_hash: requestHash, answer: "", created_at: nowMs })
      .onConflict((conflict) => conflict.columns(["principal", "name"]).doNothing())
      .returning("name")
      .executeTakeFirst();
    if (!mine) return await earlier(transaction, { principal, name, requestHash });
    const answer = await work(transaction);
    await transaction
      .updateTable("idempotent_answer")
      .set({ answer })
      .where("principal", "=", principal)
      .where("name", "=", name)
      .execute();
    return { kind: "answered", answer, isRepeated: false };
  });
}

async function earlier(db: Db, { principal, name, requestHash }: Omit<Once, "nowMs">): Promise<Answered<string>> {
  const row = await db
    .selectFrom("idempotent_answer")
    .select(["request_hash", "answer"])
    .where("principal", "=", principal)
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  if (row.request_hash !== requestHash) return { kind: "otherRequest" };
  return { kind: "answered", answer: row.answer, isRepeated: true };
}
