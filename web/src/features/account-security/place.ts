/** Where an address is, as far as it tells by itself: without a map of the world's networks, which would be out of date. */
import type { TFunction } from "i18next";

export function placeText(address: string, t: TFunction): string {
  if (/^127\.|^::1$/.test(address)) return t("accountPage.thisMachine", { address });
  if (/^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^169\.254\.|^f[cd]|^fe80:/i.test(address))
    return t("accountPage.localNetwork", { address });
  return address;
}
