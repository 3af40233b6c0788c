/**
 * What the audit log tells that a person should hear of: log-ins from elsewhere, leaked keys, keys outside their list,
 * limits that somebody else has changed. Pure, but for the log-ins of before, which it asks for.
 *
 * The audit log is where these events come together, from every process and whoever caused them, so nothing else has to
 * report them.
 */
import type { AlertFacts, AlertLevel, LimitChange } from "../../kernel/alerts/facts.ts";
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringField } from "../../kernel/json.ts";
import type { AuditRow } from "../../storage/stores/audit-chain.ts";
import { networkOf } from "../../watch/network.ts";

/** Whom it concerns: a key's owner, or an account. */
export type AuditFinding = { level: AlertLevel; facts: AlertFacts } & ({ keyId: string } | { userId: string });

/** The actions that are looked at. */
export const TELLING_ACTIONS = [
  "session.create",
  "key.freeze",
  "key.address_refused",
  "key.change",
  "budget.change",
] as const;

/** What a log-in said of itself. */
export interface LogIn {
  address: string | null;
  /** Whether the browser had not been seen with this account before. */
  isNewDevice: boolean;
}

const KEY_LIMITS = ["limitUsd", "limitReset", "rpm", "tpm", "parallel"];

/** Null for what nobody has to hear of. `logIns` are those of the same account before, newest first. */
export function findingOf(row: AuditRow, logIns: readonly LogIn[]): AuditFinding | null {
  const { target_id: targetId } = row;
  if (targetId === null) return null;
  switch (row.action) {
    case "session.create":
      return newDevice(targetId, logInOf(row), logIns);
    case "key.freeze":
      return leak(targetId, factsOf(row.after));
    case "key.address_refused": {
      const list = stringField(factsOf(row.after), "list") === "account" ? "account" : "key";
      return { keyId: targetId, level: "alert", facts: { kind: "address_refused", address: row.address, list } };
    }
    case "key.change":
      return row.actor_kind === "key" ? limitsOfKey(targetId, row) : null;
    case "budget.change":
      return row.target_kind === "account" && row.actor_id !== targetId ? limitsOfAccount(targetId, row) : null;
    default:
      return null;
  }
}

export function logInOf({ address, after }: Pick<AuditRow, "address" | "after">): LogIn {
  return { address, isNewDevice: factsOf(after).newDevice === true };
}

/** The first log-in of an account is no news. One that is new in a single way is worth a look, no more. */
function newDevice(userId: string, logIn: LogIn, before: readonly LogIn[]): AuditFinding | null {
  if (before.length === 0) return null;
  const isNewPlace = !before.some((known) => placeOf(known.address) === placeOf(logIn.address));
  const { address, isNewDevice } = logIn;
  if (!isNewPlace && !isNewDevice) return null;
  const level = isNewPlace && isNewDevice ? "alert" : "notice";
  return { userId, level, facts: { kind: "new_device", address, isNewDevice } };
}

function placeOf(address: string | null): string {
  return address === null ? "unknown" : networkOf(address);
}

function leak(keyId: string, after: JsonObject): AuditFinding | null {
  if (stringField(after, "reason") !== "leak_report") return null;
  return { keyId, level: "alert", facts: { kind: "leak_report", foundAt: stringField(after, "foundAt") ?? null } };
}

function limitsOfKey(keyId: string, row: AuditRow): AuditFinding | null {
  const changes = changesOf(row, (field) => KEY_LIMITS.includes(field));
  if (changes.length === 0) return null;
  return { keyId, level: "notice", facts: { kind: "limits_changed", by: "management_key", changes } };
}

function limitsOfAccount(userId: string, row: AuditRow): AuditFinding | null {
  const changes = changesOf(row, () => true);
  if (changes.length === 0) return null;
  return { userId, level: "alert", facts: { kind: "limits_changed", by: "owner", changes } };
}

function changesOf({ before, after }: AuditRow, isLimit: (field: string) => boolean): LimitChange[] {
  const [was, is] = [factsOf(before), factsOf(after)];
  return Object.keys(is)
    .filter((field) => isLimit(field) && !field.startsWith("self."))
    .map((field) => ({ field, before: textOf(was[field]), after: textOf(is[field]) }));
}

function textOf(value: JsonValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function factsOf(text: string | null): JsonObject {
  const parsed = parseJson(text ?? "{}");
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
}
