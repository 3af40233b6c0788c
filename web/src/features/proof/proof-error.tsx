import { useTranslation } from "react-i18next";
import { PasskeyError } from "../../lib/passkeys.ts";
import { Notice } from "../../ui/notice.tsx";
import { FormError } from "../../ui/states.tsx";

/** What went wrong with a proof, the browser's own trouble with passkeys included. */
export function ProofError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof PasskeyError)) return <FormError error={error} />;
  return <Notice tone="bad">{t(error.reason === "known" ? "account.passkeyKnown" : "account.passkeyFailed")}</Notice>;
}
