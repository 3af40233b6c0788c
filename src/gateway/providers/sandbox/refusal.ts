/** How the sandbox says no: OpenAI's error shape, thrown while a request is read and turned into an answer at the top. */

/** A request that the sandbox does not take. `param` names the field, as OpenAI's errors do. */
export class SandboxRefusal extends Error {
  override readonly name = "SandboxRefusal";
  readonly param: string | null;

  constructor(message: string, param: string | null = null) {
    super(message);
    this.param = param;
  }
}

const TYPES: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

export interface ErrorAnswer {
  status: number;
  message: string;
  param?: string | null;
  retryAfterSeconds?: number | undefined;
}

export function errorAnswer({ status, message, param = null, retryAfterSeconds }: ErrorAnswer): Response {
  const type = TYPES[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
  const headers = new Headers({ "content-type": "application/json" });
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  return new Response(JSON.stringify({ error: { message, type, param, code: null } }), { status, headers });
}
