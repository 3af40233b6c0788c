/** Whether something about an account is another than a moment ago, in one cheap question that reads no raw rows. */
import { sql } from "kysely";
import type { Change } from "../../kernel/changes.ts";
import { dayOf } from "../../kernel/windows.ts";
import type { Db } from "../open.ts";
import { keysMadeBy } from "./key-usage.ts";

/** Texts that say nothing by themselves: another one than before means that something has changed. */
export type ChangeMarks = Record<Change, string>;

export interface Marked {
  accountId: string;
  /** Only of keys that this person made. */
  maker: string | null;
}

export async function changeMarks(db: Db, { accountId, maker }: Marked, nowMs: number): Promise<ChangeMarks> {
  // A request counts for the day on which it began, and may have begun before midnight.
  const yesterday = dayOf(nowMs) - 1;
  const ofMaker = maker === null ? sql`` : sql`and key_id in (${keysMadeBy(accountId, maker)})`;
  const madeBy = maker === null ? sql`` : sql`and created_by = ${maker}`;
  const { rows } = await sql<ChangeMarks>`
    select
      (select cast(coalesce(sum(requests), 0) as text) from key_day
        where user_id = ${accountId} and day >= ${yesterday} ${ofMaker}) as usage,
      (select cast(count(*) as text) || '/' || cast(coalesce(sum(times), 0) as text) || '/' || coalesce(max(id), '')
        from alert where user_id = ${accountId} and open_as is not null ${ofMaker}) as alerts,
      (select cast(count(*) as text) || '/' || cast(coalesce(sum(version), 0) as text) from api_key
        where user_id = ${accountId} ${madeBy}) as keys`.execute(db);
  const [marks] = rows;
  if (marks === undefined) throw new Error("a question without a table always has one answer");
  return marks;
}
