/** What the pages take from the address bar. Anything that does not fit is dropped, never an error. */
type Search = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function oneOf<Known extends string>(known: readonly Known[], value: unknown): Known | undefined {
  return known.find((candidate) => candidate === value);
}

export function tokenSearch({ token }: Search): { token?: string | undefined } {
  return { token: text(token) };
}

export function emailSearch({ email }: Search): { email?: string | undefined } {
  return { email: text(email) };
}

export function mailSearch({ id }: Search): { id?: string | undefined } {
  return { id: text(id) };
}

export function signUpSearch({ invitation, email }: Search): {
  invitation?: string | undefined;
  email?: string | undefined;
} {
  return { invitation: text(invitation), email: text(email) };
}

export function loginSearch({ email, next, notice }: Search): {
  email?: string | undefined;
  next?: string | undefined;
  notice?: "expired" | "ready" | "reset" | undefined;
} {
  return { email: text(email), next: text(next), notice: oneOf(["expired", "ready", "reset"], notice) };
}

export function keysSearch({ q, create }: Search): { q?: string | undefined; create?: true | undefined } {
  return { q: text(q), create: create === true ? true : undefined };
}

export function activitySearch({ key, outcome, request }: Search): {
  key?: string | undefined;
  outcome?: "ok" | "error" | undefined;
  request?: string | undefined;
} {
  return { key: text(key), outcome: oneOf(["ok", "error"], outcome), request: text(request) };
}

export function modelsSearch({ q }: Search): { q?: string | undefined } {
  return { q: text(q) };
}
