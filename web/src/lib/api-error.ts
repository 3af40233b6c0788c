import type { ErrorCode } from "../../../src/kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../src/kernel/json.ts";

/** What can go wrong before the server has answered, or with an answer that is not its own. */
export type TransportCode = "network" | "timeout" | "unreadable";

/** One refused entry: where it stands in the body, a code where the server gives one, and the server's English words. */
export interface FieldProblem {
  field: string;
  code: string | undefined;
  words: string;
}

export interface ApiErrorFacts {
  /** `metadata.error_code`, or what happened to the connection. A newer server may know codes that this page does not. */
  code: ErrorCode | TransportCode | (string & {});
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The server's English words. */
  message: string;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** The fields of the body that were refused, by name. */
  fields?: string[];
  problems?: FieldProblem[];
}

/** Every failure of `call()` except an abort by its caller. */
export class ApiError extends Error {
  readonly code: ApiErrorFacts["code"];
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: readonly string[];
  readonly problems: readonly FieldProblem[];

  constructor(facts: ApiErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    this.name = "ApiError";
    this.code = facts.code;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.fields = facts.fields ?? [];
    this.problems = facts.problems ?? [];
  }
}

/** Reads the error envelope `{error: {code, message, metadata}}`. Anything else becomes the code "unreadable". */
export function readErrorAnswer(status: number, body: unknown, retryAfter: string | null): ApiError {
  const error = isJsonObject(body) ? objectField(body, "error") : undefined;
  const message = error && stringField(error, "message");
  if (!error || message === undefined) {
    return new ApiError({ code: "unreadable", status, message: `The server answered with status ${status}.` });
  }
  const metadata = objectField(error, "metadata") ?? {};
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ApiError({
    code: stringField(metadata, "error_code") ?? "unreadable",
    status,
    message,
    requestId: stringField(metadata, "request_id"),
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
    fields: refusedFields(metadata),
    problems: problemsOf(metadata),
  });
}

function problemsOf(metadata: JsonObject): FieldProblem[] {
  return arrayField(metadata, "problems").flatMap((problem) => {
    const field = isJsonObject(problem) ? stringField(problem, "field") : undefined;
    if (field === undefined || !isJsonObject(problem)) return [];
    return [{ field, code: stringField(problem, "code"), words: stringField(problem, "problem") ?? "" }];
  });
}

function refusedFields(metadata: JsonObject): string[] {
  const problems = arrayField(metadata, "problems").map((problem) =>
    isJsonObject(problem) ? stringField(problem, "field") : undefined,
  );
  return [...problems, stringField(metadata, "field")].filter((field) => field !== undefined);
}

export function hasCode(error: unknown, code: ErrorCode | TransportCode): error is ApiError {
  return error instanceof ApiError && error.code === code;
}
