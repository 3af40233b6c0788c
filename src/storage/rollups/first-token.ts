/**
 * Times until the first token as counts in sixteen spans, so that percentiles of any hours, days, keys or models can be
 * told from sums. A percentile is exact to its span, and evenly spread within it.
 */

/** Where each span ends, in milliseconds; the last has no end. */
export const FIRST_TOKEN_ENDS_MS = {
  first_0: 50,
  first_1: 100,
  first_2: 150,
  first_3: 200,
  first_4: 300,
  first_5: 400,
  first_6: 600,
  first_7: 800,
  first_8: 1_200,
  first_9: 1_600,
  first_10: 2_400,
  first_11: 3_200,
  first_12: 4_800,
  first_13: 9_600,
  first_14: 19_200,
  first_15: null,
} as const satisfies Record<string, number | null>;

export type FirstTokenColumn = keyof typeof FIRST_TOKEN_ENDS_MS;
export type FirstTokenCounts = Record<FirstTokenColumn, number>;

const SPANS = Object.entries(FIRST_TOKEN_ENDS_MS);
const isColumn = (name: string): name is FirstTokenColumn => name in FIRST_TOKEN_ENDS_MS;
export const FIRST_TOKEN_COLUMNS: readonly FirstTokenColumn[] = SPANS.map(([name]) => name).filter(isColumn);

const EMPTY = mapSpans(() => 0);

export function noFirstTokens(): FirstTokenCounts {
  return { ...EMPTY };
}

/** The span that a time falls into. */
export function firstTokenColumn(ms: number): FirstTokenColumn {
  return (
    FIRST_TOKEN_COLUMNS.find((column) => ms < (FIRST_TOKEN_ENDS_MS[column] ?? Number.POSITIVE_INFINITY)) ?? "first_15"
  );
}

/** Counts each span in SQL over `usage`. */
export function firstTokenSql(): Record<FirstTokenColumn, string> {
  return mapSpans((beginMs, endMs) => {
    const end = endMs === null ? "" : ` and first_token_ms < ${endMs}`;
    return `coalesce(sum(case when first_token_ms >= ${beginMs}${end} then 1 else 0 end), 0)`;
  });
}

/** The time that a share of all stays under, in milliseconds; null when there are none. */
export function firstTokenPercentile(counts: Readonly<FirstTokenCounts>, share: number): number | null {
  const all = FIRST_TOKEN_COLUMNS.reduce((sum, column) => sum + counts[column], 0);
  if (all === 0) return null;
  const wanted = share * all;
  let below = 0;
  let beginMs = 0;
  for (const column of FIRST_TOKEN_COLUMNS) {
    const count = counts[column];
    // What took longest has no end to spread towards.
    const endMs = FIRST_TOKEN_ENDS_MS[column] ?? beginMs;
    if (count > 0 && below + count >= wanted)
      return Math.round(beginMs + ((wanted - below) / count) * (endMs - beginMs));
    below += count;
    beginMs = endMs;
  }
  return beginMs;
}

function mapSpans<Value>(make: (beginMs: number, endMs: number | null) => Value): Record<FirstTokenColumn, Value> {
  const span = (before: FirstTokenColumn | null, column: FirstTokenColumn) =>
    make(before === null ? 0 : (FIRST_TOKEN_ENDS_MS[before] ?? 0), FIRST_TOKEN_ENDS_MS[column]);
  return {
    first_0: span(null, "first_0"),
    first_1: span("first_0", "first_1"),
    first_2: span("first_1", "first_2"),
    first_3: span("first_2", "first_3"),
    first_4: span("first_3", "first_4"),
    first_5: span("first_4", "first_5"),
    first_6: span("first_5", "first_6"),
    first_7: span("first_6", "first_7"),
    first_8: span("first_7", "first_8"),
    first_9: span("first_8", "first_9"),
    first_10: span("first_9", "first_10"),
    first_11: span("first_10", "first_11"),
    first_12: span("first_11", "first_12"),
    first_13: span("first_12", "first_13"),
    first_14: span("first_13", "first_14"),
    first_15: span("first_14", "first_15"),
  };
}
