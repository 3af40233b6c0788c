/**
 * better-auth keeps session tokens as they are. This stands between it and its database adapter and keeps their SHA-256
 * instead, so that whoever reads the database (or a backup of it) cannot use a session of anybody.
 */
import { createHash } from "node:crypto";
import type { DBAdapter } from "@better-auth/core/db/adapter";
import { isJsonObject } from "../../kernel/json.ts";

type Restore = Map<string, string>;

/** The adapter with every token of the model `session` hashed on its way in, and given back to whoever named it. */
export function withHashedSessionTokens<Adapter extends Pick<DBAdapter, "create">>(adapter: Adapter): Adapter {
  return new Proxy(adapter, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name === "transaction") {
        return (work: (inner: Adapter) => Promise<unknown>) =>
          Reflect.apply(member, target, [(inner: Adapter) => work(withHashedSessionTokens(inner))]);
      }
      return async (...args: unknown[]) => {
        const restore: Restore = new Map();
        const hashed = args.map((argument) => hashArgument(argument, restore));
        return restored(await Reflect.apply(member, target, hashed), restore);
      };
    },
  });
}

/** SHA-256 of a session token, hex: what the database holds. */
export function hashSessionToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function hashArgument(argument: unknown, restore: Restore): unknown {
  if (!isPlain(argument) || argument.model !== "session") return argument;
  const hash = (token: string) => {
    const hashed = hashSessionToken(token);
    restore.set(hashed, token);
    return hashed;
  };
  const copy: Record<string, unknown> = { ...argument };
  for (const part of ["data", "update"]) {
    const values = copy[part];
    if (isPlain(values) && typeof values.token === "string") copy[part] = { ...values, token: hash(values.token) };
  }
  if (Array.isArray(copy.where)) copy.where = copy.where.map((clause: unknown) => hashClause(clause, hash));
  return copy;
}

function hashClause(clause: unknown, hash: (token: string) => string): unknown {
  if (!isPlain(clause) || clause.field !== "token") return clause;
  const { value } = clause;
  if (typeof value === "string") return { ...clause, value: hash(value) };
  if (Array.isArray(value))
    return { ...clause, value: value.map((one: unknown) => (typeof one === "string" ? hash(one) : one)) };
  return clause;
}

function restored(result: unknown, restore: Restore): unknown {
  if (Array.isArray(result)) return result.map((row: unknown) => restored(row, restore));
  if (!isPlain(result) || typeof result.token !== "string") return result;
  const token = restore.get(result.token);
  return token === undefined ? result : { ...result, token };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && !(value instanceof Date);
}
