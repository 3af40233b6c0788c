import type { Team, TeamMemberRow } from "../../../../src/contract/schemas/teams.ts";
import { type CsvRow, csvTime } from "../../lib/csv.ts";
import { CsvButton } from "../../ui/csv-button.tsx";

const HEAD = ["id", "name", "email", "role", "state", "last_active_at"];
const FIGURES = ["keys", "spent_this_month_usd", "requests_this_month"];

/** Everybody that the page shows; figures are empty where one may not see them. */
export function MembersCsv({ team: { members, former } }: { team: Team }) {
  const rows = [
    ...members.map((member) => rowOf(member, "member")),
    ...former.map((member) => rowOf(member, "former")),
  ];
  return (
    <CsvButton file="gapura-members.csv" head={[...HEAD, ...FIGURES]} read={async () => ({ rows, nextCursor: null })} />
  );
}

function rowOf({ id, name, email, role, lastActiveAt, use }: TeamMemberRow, state: "member" | "former"): CsvRow {
  return [
    ...[id, name, email, role, state, csvTime(lastActiveAt)],
    ...[use?.keys ?? null, use?.spentUsd ?? null, use?.requests ?? null],
  ];
}
