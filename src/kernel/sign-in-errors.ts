/** The rows of the table of errors about second steps, passkeys, single sign-on and fresh proofs. */
import { type ErrorRow, row } from "./error-row.ts";

export const signInErrors = {
  wrong_code: row(
    403,
    "permission_denied",
    "This code is wrong, or was used already. Wait for the next one in your authenticator app, or take a recovery code.",
  ),
  passkey_refused: row(
    403,
    "permission_denied",
    "This passkey was not accepted. It may have been deleted here, or belong to another address or account. Try another one, or another way to log in.",
  ),
  passkeys_unavailable: row(
    400,
    "invalid_request",
    "Browsers allow passkeys only at a host name with https://, or at localhost. The operator sets BASE_URL to such an address.",
  ),
  step_expired: row(400, "invalid_request", "This took too long, or was done already. Begin again."),
  fresh_proof_needed: row(
    403,
    "permission_denied",
    "This needs a proof that it is you, given in the last {minutes} minutes. Prove it with POST /api/dashboard/account/proof, or log in again; then repeat the request.",
  ),
  single_sign_on_failed: row(
    403,
    "permission_denied",
    "{name} did not prove who you are: {reason}. Try again; if it stays so, tell the operator of this gateway.",
  ),
  single_sign_on_email: row(
    403,
    "permission_denied",
    "{name} does not vouch for your e-mail address, so no account here can be yours. Verify the address there, or ask who runs it.",
  ),
  single_sign_on_down: row(
    503,
    "provider_unavailable",
    "{name} cannot be reached at the moment. Try again soon, or log in another way.",
  ),
  sign_up_single_sign_on: row(
    403,
    "permission_denied",
    "Accounts on this instance are made by logging in with single sign-on. Use its button on the login page.",
  ),
} as const satisfies Record<string, ErrorRow>;
