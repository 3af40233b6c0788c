import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { call } from "../../lib/api.ts";
import { type CsvRow, csvTime } from "../../lib/csv.ts";
import { CsvButton } from "../../ui/csv-button.tsx";
import type { KeyListAsked } from "./key-queries.ts";

const PAGE_SIZE = 100;
const HEAD = [
  ...["id", "name", "kind", "state", "created_at", "last_used_at", "expires_at", "requests", "spent_usd"],
  ...["limit_usd", "limit_reset", "remaining_usd", "requests_per_minute", "tokens_per_minute", "parallel"],
];

/** The keys that the list shows, all of them. No secret is in it: nobody has one but its owner. */
export function KeysCsv({ q = "", sort, state, member }: KeyListAsked) {
  return (
    <CsvButton
      file="gapura-keys.csv"
      head={HEAD}
      read={async (cursor) => {
        const asked = { q, sort, state, member, limit: PAGE_SIZE, ...(cursor ? { cursor } : {}) };
        const { keys, nextCursor } = await call("listKeys", { query: asked });
        return { rows: keys.map(rowOf), nextCursor };
      }}
    />
  );
}

function rowOf(key: ApiKeyRow): CsvRow {
  return [
    ...[key.id, key.name, key.kind, key.state],
    ...[csvTime(key.createdAt), csvTime(key.lastUsedAt), csvTime(key.expiresAt), key.requests, key.spentUsd],
    ...[key.limitUsd, key.limitReset, key.remainingUsd, key.rpm, key.tpm, key.parallel],
  ];
}
