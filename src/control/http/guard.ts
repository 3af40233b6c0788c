/**
 * The one place that decides who may call a control-plane operation. Everything is refused that the access class of
 * the contract does not allow; nothing here trusts a name or address that the caller could have written.
 */
import {
  type Access,
  FRESH_PROOF_MS,
  type Operation,
  type OperationId,
  SHOWN_ACCOUNT_HEADER,
} from "../../contract/operations.ts";
import { RIGHTS, type Role, rightFor } from "../../contract/roles.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AdmittedKey, AuthenticatedKey, SessionReader, SignedIn, Visitor } from "./handler.ts";

/** Whose key is calling: the port to the data plane's key check. Throws GapuraError for every refusal. */
export interface KeyAuthenticator {
  authenticate(authorization: string | null, visitor: Visitor): Promise<AuthenticatedKey>;
}

/** A request, and what the server knows of who sent it. */
export interface Caller {
  request: Request;
  visitor: Visitor;
}

export interface GuardDeps {
  sessions: SessionReader;
  keys: KeyAuthenticator;
  /** When the holder of a session last proved who it is. */
  provenAt(sessionId: string): Promise<number>;
  clock: Clock;
  /** Whether this person owns the instance. */
  isOwner(userId: string): Promise<boolean>;
  /** Who made a key, and with which role they belong to its account; no role for who does not, or no more. */
  roleOfKey(keyId: string): Promise<{ role: Role | null; createdBy: string | null }>;
  /** True while nobody owns an instance that strangers can reach. */
  needsSetup(): Promise<boolean>;
  /** True when mail is kept for the mailbox page. */
  mailboxInUse: boolean;
  /** The configured origin: scheme, host and port. */
  origin: string;
}

/** What answers on a reachable instance before it has an owner. */
const OPEN_BEFORE_SETUP: ReadonlySet<OperationId> = new Set<OperationId>([
  "health",
  "readiness",
  "getInstance",
  "signUp",
  "resendVerification",
  "verifyEmail",
  "login",
]);

/** Who was let in: a person or a key, or neither where anybody may call. */
export interface Admitted {
  account: SignedIn | null;
  key: AdmittedKey | null;
}

/** Throws GapuraError when the operation may not be called. */
export async function admit(
  deps: GuardDeps,
  operation: Operation & { id: OperationId },
  caller: Caller,
): Promise<Admitted> {
  const { request, visitor } = caller;
  if (!OPEN_BEFORE_SETUP.has(operation.id) && (await deps.needsSetup())) throw new GapuraError("setup_required");
  if (usesKey(operation.access)) return { account: null, key: await admitKey(deps, operation, caller) };
  if (operation.method !== "get" && operation.access !== "code") refuseCrossSite(deps, caller);
  if (operation.access === "loopback" && !(deps.mailboxInUse && visitor.isLocal)) throw new GapuraError("not_found");
  if (!usesSession(operation.access)) return { account: null, key: null };
  const account = await deps.sessions.authenticate(request);
  if (account === null) throw new GapuraError("not_signed_in");
  if (operation.access === "owner" && account.role !== "owner") throw new GapuraError("owner_only");
  const onlyBy = reachOf(operation.id, account.teamRole, account.userId);
  if (rightFor(operation.id) !== null) refuseOtherAccount(request, account.accountId);
  if (operation.fresh) await refuseStale(deps, account.sessionId);
  return { account: { ...account, onlyBy }, key: null };
}

/** The person whose things alone the operation is about; null for all of the account. Throws where the role allows nothing. */
function reachOf(id: OperationId, role: Role, person: string): string | null {
  const right = rightFor(id);
  if (right === null) return null;
  const reach = RIGHTS[right][role];
  if (reach === "none") throw new GapuraError("role_too_low", { values: { role } });
  return reach === "own" ? person : null;
}

/**
 * A page says which account it shows. The session decides, and the page is only told when it is behind: somebody changed
 * the account in another window, or has left the team, and must not change things in one account that they see in another.
 */
function refuseOtherAccount(request: Request, accountId: string): void {
  const shown = request.headers.get(SHOWN_ACCOUNT_HEADER);
  if (shown !== null && shown !== accountId) throw new GapuraError("account_changed");
}

/**
 * Whoever took over a session that was left open gets no further with it than its holder's last proof reaches. Throws
 * fresh_proof_needed.
 */
export async function refuseStale(deps: Pick<GuardDeps, "provenAt" | "clock">, sessionId: string): Promise<void> {
  const provenAt = await deps.provenAt(sessionId);
  if (deps.clock.nowMs() - provenAt <= FRESH_PROOF_MS) return;
  throw new GapuraError("fresh_proof_needed", { values: { minutes: FRESH_PROOF_MS / 60_000 } });
}

/** Keys come in a header that no browser adds by itself, so pages of other origins may use them. */
async function admitKey(
  deps: GuardDeps,
  { id, access }: Operation & { id: OperationId },
  { request, visitor }: Caller,
): Promise<AdmittedKey> {
  const key = await deps.keys.authenticate(request.headers.get("authorization"), visitor);
  if (access !== "anyKey" && key.kind !== "management") throw new GapuraError("management_key_needed");
  if (access === "ownersKey" && !(await deps.isOwner(key.userId))) throw new GapuraError("owner_only");
  const { role, createdBy } = await deps.roleOfKey(key.id);
  // What programs run on goes on when its maker has left; what administers does not.
  if (role === null && key.kind === "management") throw new GapuraError("role_too_low", { values: { role: "former" } });
  const onlyBy = reachOf(id, role ?? "member", createdBy ?? key.userId);
  return { ...key, createdBy, onlyBy };
}

function usesKey(access: Access): boolean {
  return access === "anyKey" || access === "management" || access === "ownersKey";
}

function usesSession(access: Access): boolean {
  return access === "session" || access === "owner";
}

/**
 * A change must come from this site's own pages, or from a program that is no browser. Browsers say where a request
 * comes from in headers that a page cannot write: Sec-Fetch-Site, and Origin.
 */
function refuseCrossSite(deps: GuardDeps, { request, visitor }: Caller): void {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw new GapuraError("cross_site_request");
  const origin = request.headers.get("origin");
  if (origin === null || origin === deps.origin) return;
  // At this machine the page may be open under another of its names (127.0.0.1 for localhost).
  const isOwnName = visitor.isLocal && origin === `http://${request.headers.get("host")}`;
  if (!isOwnName) throw new GapuraError("cross_site_request");
}
