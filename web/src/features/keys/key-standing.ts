/** How a key stands, in more words than whether it works. Pure. */
import type { Alert } from "../../../../src/contract/schemas/alerts.ts";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { REMINDER_DAYS } from "../../../../src/kernel/key-life.ts";
import { DAY_MS } from "../../../../src/kernel/windows.ts";

export type KeyStanding = "active" | "endsSoon" | "expired" | "disabled" | "frozen";

export function standingOf(
  { state, expiresAt }: Pick<ApiKeyRow, "state" | "expiresAt">,
  { isFrozen: hasFrozen, nowMs }: { isFrozen: boolean; nowMs: number },
): KeyStanding {
  if (state === "disabled") return hasFrozen ? "frozen" : "disabled";
  if (state === "expired") return "expired";
  return expiresAt !== null && expiresAt - nowMs <= REMINDER_DAYS[0] * DAY_MS ? "endsSoon" : "active";
}

/** Whether an alert stopped its key: one that is surely used by somebody else, or that was reported as leaked. */
export function isFrozen({ facts }: Pick<Alert, "facts">): boolean {
  return facts.kind === "leak_report" || (facts.kind === "unusual_use" && facts.isFrozen);
}
