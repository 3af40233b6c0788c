/** What an entry of the audit log says. An action that does not stand in AUDIT_ACTIONS does not compile. */
import type { JsonObject, JsonValue } from "./json.ts";

/** What can be done, by the kind of its target. The dashboard has a text for each, under `audit.action_…`. */
export const AUDIT_ACTIONS = [
  "key.create",
  "key.change",
  "key.delete",
  "key.freeze",
  "key.rotate",
  "key.end_former",
  "policy.change",
  "routing.change",
  "key.address_refused",
  "account.create",
  "account.change",
  "account.password",
  "account.addresses",
  "account.second_factor",
  "account.recovery_codes",
  "account.proof_failed",
  "account.suspend",
  "account.readmit",
  "passkey.create",
  "passkey.change",
  "passkey.delete",
  "identity.create",
  "identity.delete",
  "budget.change",
  "alert.answer",
  "alert.settings",
  "session.create",
  "session.end",
  "invitation.create",
  "invitation.delete",
  "team.create",
  "team.change",
  "team.delete",
  "team.invite",
  "team.uninvite",
  "team.join",
  "team.decline",
  "team.role",
  "team.remove",
  "team.leave",
  "team.transfer",
  "provider.create",
  "provider.change",
  "provider.delete",
  "provider.price",
  "vault.rotate",
  "vault.discard",
  "settings.change",
  "backup.create",
  "credit.move",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_ACTOR_KINDS = ["person", "key", "cli", "system", "visitor"] as const;

/** Who did it. People are named by their id alone, so that an erased account leaves no name behind. */
export interface AuditActor {
  kind: (typeof AUDIT_ACTOR_KINDS)[number];
  /** The account's or the key's id; null for the command line, the server itself and whoever is not known. */
  id: string | null;
  /** Where it was done from, as far as the server could tell. */
  address?: string | null | undefined;
}

export interface AuditEntry {
  actor: AuditActor;
  action: AuditAction;
  target: { kind: string; id: string | null };
  /** What it was, and what it is now: the fields that say so and no other. Null where there is nothing to say. */
  before?: JsonObject | null | undefined;
  after?: JsonObject | null | undefined;
}

/** The server itself. */
export const SYSTEM: AuditActor = { kind: "system", id: null };

/** Only what differs. */
export function changedFacts(before: JsonObject, after: JsonObject): { before: JsonObject; after: JsonObject } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
  const only = (facts: JsonObject) => Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]));
  return { before: only(before), after: only(after) };
}

/** Fields that would hold a secret, whatever they hold. */
const SECRET_NAME = /secret|password|passwd|token|credential|authorization|api_?key$|private/i;
/** A key of Gapura's, or what most providers' keys look like. */
const SECRET_TEXT = /\b(?:gprm?_[0-9A-Za-z]{20,}|(?:sk|pk|rk|gsk|xai|AIza|ghp|github_pat)[-_]?[\w-]{16,})\b/g;
const HIDDEN = "[secret]";

/** The facts without anything that looks like a secret: the second line of defence behind naming fields one by one. */
export function withoutSecrets(facts: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, SECRET_NAME.test(name) ? HIDDEN : cleaned(value)]),
  );
}

function cleaned(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.replace(SECRET_TEXT, HIDDEN);
  if (Array.isArray(value)) return value.map(cleaned);
  return value !== null && typeof value === "object" ? withoutSecrets(value) : value;
}
