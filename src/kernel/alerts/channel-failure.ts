/** Why a message about an alert did not arrive, as a code: the dashboard has the words for it, in the reader's language. */

export const CHANNEL_FAILURES = [
  "late",
  "unknown_host",
  "certificate",
  "unreachable",
  "forbidden",
  "sealed",
  "no_answer",
] as const;
export type ChannelFailure = (typeof CHANNEL_FAILURES)[number];

/** The code of an answer that was no success. */
export function statusFailure(status: number): `status_${number}` {
  return `status_${status}`;
}

/** The status in such a code; null for every other code. */
export function failedStatus(code: string): string | null {
  return /^status_(\d{3})$/.exec(code)?.[1] ?? null;
}

/** A message could not be sent. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly code: ChannelFailure;

  constructor(code: ChannelFailure, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}
