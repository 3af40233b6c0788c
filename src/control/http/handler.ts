/**
 * What a control-plane operation is: a function from checked input to a typed answer. The guard (`guard.ts`) has
 * already refused whoever may not call it, the schemas of the contract have already seen the input, and the answer's
 * shape is the contract's. Handlers throw GapuraError for everything a client is to be told.
 */

import type { z } from "zod";
import type { OperationId, operations } from "../../contract/operations.ts";
import type { Role } from "../../contract/roles.ts";
import type { ResponseOf, routeOf } from "../../contract/routes.ts";
import type { AllowedModels } from "../../kernel/allowed-models.ts";
import type { Locale } from "../../kernel/locale.ts";

/** A signed-in person with a verified address. */
export interface SignedIn {
  userId: string;
  sessionId: string;
  name: string;
  email: string;
  /** On the instance. */
  role: "owner" | "member";
  locale: Locale | null;
  /** Epoch milliseconds. */
  createdAt: number;
  /** The account that this session works in: whose keys, budgets and use are meant. The person's own, or a team. */
  accountId: string;
  /** In that account. */
  teamRole: Role;
  /**
   * The person whose keys alone may be seen and changed, with what was used through them; null for all of the account.
   * Set by the guard for the operation that was asked for.
   */
  onlyBy: string | null;
}

/** An API key that may call at this moment. */
export interface AuthenticatedKey {
  id: string;
  /** The account that owns it. */
  userId: string;
  kind: "inference" | "management";
  name: string;
  label: string;
  expiresAt: number | null;
  /** Which models it may call; null for all. */
  allowedModels: AllowedModels | null;
}

/** The same with whose hands it is in. */
export interface AdmittedKey extends AuthenticatedKey {
  /** The person who made it; null where nobody in the account did. */
  createdBy: string | null;
  /** As for `SignedIn`. */
  onlyBy: string | null;
}

/** Who is asking, as far as the server itself knows it. */
export interface Visitor {
  /** The peer's address, or the one a trusted proxy vouches for. Never taken from an untrusted header. */
  ipAddress: string;
  userAgent: string | null;
  requestId: string;
  /** Loopback peer, loopback listener and a loopback Host: somebody at this machine. */
  isLocal: boolean;
  /** From Accept-Language; the language of mails to somebody who has chosen none. */
  locale: Locale;
  /** What the listener can do for the visitor's connection; missing where there is none. */
  connection?: Connection;
}

/** The connection of a call that a model answers. */
export interface Connection {
  /** Asks for patience: nothing may move on it for longer than on others. */
  waitLong(isWaiting: boolean): void;
  /** Closes it without a word. */
  hangUp(): void;
}

type Access<Id extends OperationId> = (typeof operations)[Id]["access"];
type Shape<Id extends OperationId> = ReturnType<typeof routeOf<Id>>;
type Parsed<Id extends OperationId, Part extends string> =
  Shape<Id> extends { [K in Part]: infer S extends z.ZodType } ? z.output<S> : undefined;

export interface HandlerInput<Id extends OperationId> {
  body: Parsed<Id, "body">;
  query: Parsed<Id, "query">;
  params: Parsed<Id, "params">;
  visitor: Visitor;
  /** Present exactly where the operation's access class asks for a session. */
  account: Access<Id> extends "session" | "owner" ? SignedIn : SignedIn | null;
  /** Present exactly where the operation's access class asks for a key that the control plane checks. */
  key: Access<Id> extends "anyKey" | "management" | "ownersKey" ? AdmittedKey : AdmittedKey | null;
  /** The request as it came, for its headers (cookies). Its body has been read. */
  request: Request;
}

export interface HandlerResult<Id extends OperationId> {
  body: ResponseOf<Id>;
  /** Extra response headers, such as Set-Cookie. */
  headers?: Headers;
  /** True for what anybody may keep, so long as they ask whether it still holds: it gets an ETag. */
  isRevalidated?: boolean;
  /** The answer in another form than JSON, where the client asked for one. */
  rendered?: { type: string; text: string };
  /** The same for what may be long: portions, of which the first is made before the answer begins. */
  streamed?: { type: string; portions: AsyncGenerator<string> };
  /** An answer that somebody else has given as a whole; nothing else of this counts then. */
  answered?: Response;
}

export type Handler<Id extends OperationId> = (input: HandlerInput<Id>) => Promise<HandlerResult<Id>>;

/** The handlers of a group of operations. */
export type Handlers<Ids extends OperationId> = { [Id in Ids]: Handler<Id> };

/** Reads the session cookie. Resolves to null for no, unknown, expired or unverified; rejects only when storage fails. */
export interface SessionReader {
  authenticate(request: Request): Promise<SignedIn | null>;
}
