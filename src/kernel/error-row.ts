/** One row of the table of errors. */
export interface ErrorRow {
  status: number;
  errorType: string;
  /** What was wrong and what to do about it. `{name}` is filled from `values`. */
  text: string;
}

export function row(status: number, errorType: string, text: string): ErrorRow {
  return { status, errorType, text };
}
