import type { TFunction } from "i18next";
import { CHANNEL_FAILURES, failedStatus } from "../../../../src/kernel/alerts/channel-failure.ts";

/** Why a message did not arrive. What an earlier version kept is no code and stays as it was written. */
export function channelFailureText(code: string, t: TFunction): string {
  const status = failedStatus(code);
  if (status !== null) return t("alerts.failure_status", { status });
  const known = CHANNEL_FAILURES.find((failure) => failure === code);
  return known === undefined ? code : t(`alerts.failure_${known}`);
}
