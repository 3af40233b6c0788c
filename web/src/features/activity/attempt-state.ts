import type { ActivityDetail } from "../../../../src/contract/schemas/activity.ts";

type Attempt = ActivityDetail["attempts"][number];

/**
 * How an attempt ended. Who was stopped because another was faster has not failed; records that are older than the
 * router's words do not tell the two apart.
 */
export function attemptState({ status, errorCode, why }: Pick<Attempt, "status" | "errorCode" | "why">) {
  if (status === 200) return "answered";
  return status === 0 && errorCode === null && why !== null ? "stopped" : "failed";
}
