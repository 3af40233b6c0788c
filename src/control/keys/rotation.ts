/** Giving a key a new secret, while the one before goes on working for as long as its owner says. */
import { createApiKey, type NewApiKey } from "../../kernel/api-key.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { FormerSecret, Rotation } from "../../storage/stores/key-secrets.ts";
import { fieldProblem } from "./key-changes.ts";

/** What is asked for, in the words of either API. */
export interface RotationWish {
  key: { id: string; kind: string };
  overlapSeconds: number;
  expiresAt: number | null | undefined;
}

export function rotationOf({ key, overlapSeconds, expiresAt }: RotationWish, nowMs: number): Rotation {
  return { made: newSecretOf(key), formerEndsAt: nowMs + overlapSeconds * 1000, expiresAt };
}

/** The public id stays, so that logs, labels and scanners go on naming the same key. */
function newSecretOf({ id, kind }: { id: string; kind: string }): NewApiKey {
  return createApiKey(kind === "management" ? "management" : "inference", id);
}

/**
 * Two secrets work at the same time, never three: of a third nobody knows any more where it is in use. Who rotates without
 * an overlap ends them all, so that is always possible.
 */
export function refuseSecondOverlap(former: FormerSecret | null, formerEndsAt: number, nowMs: number): void {
  if (former === null || formerEndsAt <= nowMs) return;
  const until = new Date(former.endsAt).toISOString();
  const problem = `a former secret of this key still works, until ${until}; end it first, or rotate with an overlap of 0, which ends both`;
  throw fieldProblem("overlap", problem);
}

export function noFormerSecret(): GapuraError {
  return new GapuraError("resource_not_found", { values: { what: "A former secret that still works" } });
}
