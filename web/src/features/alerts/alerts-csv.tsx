import { call } from "../../lib/api.ts";
import { csvTime } from "../../lib/csv.ts";
import { CsvButton } from "../../ui/csv-button.tsx";
import type { AlertFilter } from "./alert-queries.ts";

const PAGE_SIZE = 100;
const HEAD = [
  ...["id", "kind", "level", "state", "key_id", "key_name", "times", "created_at", "happened_at"],
  ...["answer", "answered_at", "facts"],
];

/** The alerts that the list shows, all of them; what happened stands in `facts`, as JSON. */
export function AlertsCsv({ state, kind, keyId }: AlertFilter) {
  return (
    <CsvButton
      file="gapura-alerts.csv"
      head={HEAD}
      read={async (cursor) => {
        const query = { state, kind, keyId, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
        const { alerts, nextCursor } = await call("listAlerts", { query });
        const rows = alerts.map(({ id, facts, level, isOpen, key, times, ...alert }) => [
          ...[id, facts.kind, level, isOpen ? "open" : "closed", key?.id ?? null, key?.name ?? null, times],
          ...[csvTime(alert.createdAt), csvTime(alert.happenedAt), alert.answer, csvTime(alert.answeredAt)],
          JSON.stringify(facts),
        ]);
        return { rows, nextCursor };
      }}
    />
  );
}
