/** How a command ends, and how it says that it could not do what it was asked. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, auth: 3, limit: 4 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A refusal in words for the person at the terminal. `hints` are lines of their own below it. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  readonly hints: readonly string[];

  constructor(exitCode: ExitCode, message: string, hints: readonly string[] = []) {
    super(message);
    this.exitCode = exitCode;
    this.hints = hints;
  }
}

export function usageError(message: string, ...hints: string[]): CliError {
  return new CliError(exitCodes.usage, message, hints);
}

export function failure(message: string, ...hints: string[]): CliError {
  return new CliError(exitCodes.failure, message, hints);
}
