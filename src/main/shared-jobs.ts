/**
 * How the jobs do, whichever of several processes is asked: the first one does what is done once for all, and keeps a note of
 * it in the database for the others. The note is a few seconds old, and of this machine alone.
 */
import { hostname } from "node:os";
import { z } from "zod";
import { type JobView, jobSchema } from "../contract/schemas/administration.ts";
import { JobBoard } from "../jobs/job-board.ts";
import type { Clock } from "../kernel/clock.ts";
import { parseJson } from "../kernel/json.ts";
import type { Db } from "../storage/open.ts";

export interface SharedJobs {
  board: JobBoard;
  /** Keeps the note; null where nobody else would read it. */
  keep: (() => Promise<void>) | null;
  states(): Promise<JobView[]>;
}

export function createSharedJobs(
  { db, clock }: { db: Db; clock: Clock },
  process: { number: number; of: number },
): SharedJobs {
  const board = new JobBoard(clock);
  const name = `jobs/${hostname()}`;
  const keep = async () => {
    const value = JSON.stringify(board.states());
    await db
      .insertInto("instance")
      .values({ name, value })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
      .execute();
  };
  const noted = async () => {
    const row = await db.selectFrom("instance").select("value").where("name", "=", name).executeTakeFirst();
    const parsed = parseJson(row?.value ?? "[]");
    return z.array(jobSchema).safeParse(parsed.ok ? parsed.value : []).data ?? [];
  };
  return {
    board,
    keep: process.number === 1 && process.of > 1 ? keep : null,
    states: async () => {
      const own = board.states();
      if (process.number === 1) return own;
      const known = new Set(own.map((job) => job.name));
      return [...own, ...(await noted()).filter((job) => !known.has(job.name))];
    },
  };
}
