/** How long what may take: one name for each phase of an answer, in milliseconds. */

/** The phases that depend on who answers. */
export interface AnswerTimeouts {
  /** From asking until the first event of a stream. */
  firstByteMs: number;
  /** From asking until the end of an answer that is not streamed: most providers say nothing before it is whole. */
  wholeAnswerMs: number;
  /** Without any sign of life in the middle of a stream. */
  silenceMs: number;
}

export interface Timeouts extends AnswerTimeouts {
  /** Until a connection to the provider has come about. */
  connectMs: number;
  /** Over all attempts for one request, until an answer or the first event of a stream is there. */
  answerMs: number;
  /** However lively it is, no stream goes on for longer. */
  streamMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  firstByteMs: 60_000,
  wholeAnswerMs: 300_000,
  silenceMs: 30_000,
  answerMs: 600_000,
  streamMs: 3_600_000,
};
