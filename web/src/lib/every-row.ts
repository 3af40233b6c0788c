/** More than this nobody asks a page for: the memory of a phone holds it, and the server keeps its records by other ways. */
export const MOST_ROWS = 50_000;

export interface RowPage<Row> {
  rows: readonly Row[];
  nextCursor: string | null;
}

/** A list from its first page to its last. Null when it is longer than `MOST_ROWS`: half a list would look like a whole one. */
export async function everyRow<Row>(
  read: (cursor: string | undefined) => Promise<RowPage<Row>>,
  onProgress: (count: number) => void,
): Promise<Row[] | null> {
  const found: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    found.push(...page.rows);
    if (found.length > MOST_ROWS) return null;
    onProgress(found.length);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
