import type { ErrorCode } from "../../../../src/kernel/errors.ts";

/** Every code of the server's error table, so that none reaches a reader in the wrong language. */
export const errors = {
  missing_credentials: "No API key was sent with the request.",
  malformed_key: "This is not a Gapura API key, or a character was lost while copying it.",
  unknown_key: "This API key does not exist or was deleted.",
  disabled_key: "This API key is disabled. Enable it on the API Keys page.",
  expired_key: "This API key has expired. Create a new one on the API Keys page.",
  account_inactive: "This account is suspended. Ask the operator of this instance.",
  management_key_refused: "Management keys cannot run inference. Use a key that begins with gpr_.",
  management_key_needed: "Only management keys can do this. Use a key that begins with gprm_.",
  payload_logging_off: "This instance does not keep requests and answers.",
  not_signed_in: "You are not signed in, or your session has ended. Log in again.",
  wrong_login: "The e-mail address or the password is wrong.",
  wrong_password: "The current password is wrong.",
  weak_password:
    "This password would be guessed early: it is made of common words, repetitions, or your own name. Several unrelated words are good.",
  link_expired: "This link has expired or was used already. Ask for a new one.",
  sign_up_by_invitation:
    "Accounts on this instance are by invitation. Ask its owner to invite this address, and open the link in that mail.",
  sign_up_domain: "Addresses of this domain may not sign up here.",
  setup_token_wrong:
    "The setup token is wrong. It stands in the terminal where Gapura was started, and changes with every start.",
  email_not_verified: "Your e-mail address is not verified yet. Open the link in the mail, or have a new one sent.",
  owner_only: "Only the owner of this instance can do this.",
  setup_required:
    "This instance has no owner yet. Sign up with the setup token from the terminal where it was started.",
  cross_site_request:
    "The request was refused because it seemed to come from another site. Open Gapura at its configured address.",
  too_many_attempts: "Too many attempts. Wait a little and try again.",
  invalid_json: "The body of the request is not valid JSON.",
  body_not_object: "The body of the request must be a JSON object.",
  body_too_deep: "The body of the request is nested too deeply.",
  body_too_large: "The body of the request is too large.",
  body_encoding: "The body of the request is not valid UTF-8.",
  body_compressed: "Compressed bodies are not accepted.",
  duplicate_field: "A field stands twice in the body of the request.",
  encryption_key_missing:
    "This instance has no encryption key, so it cannot keep provider keys. Set ENCRYPTION_KEY, the same on every node, and restart.",
  provider_key_locked:
    "The stored key of this provider cannot be opened. Type it again, or put the encryption key back.",
  invalid_field: "One of the entries is not valid. Please check them.",
  model_missing: "The request named no model.",
  model_unknown: "There is no model with this name. The Models page lists them.",
  model_not_connected:
    "The model is known, but no connected provider serves it. The Providers page says how to connect one.",
  not_found: "There is nothing at this address.",
  resource_not_found: "This is not there any more. Perhaps it was deleted elsewhere.",
  method_not_allowed: "The request used a method that this address does not know.",
  conflict: "This is there already.",
  unsupported_media_type: "The body of the request was not sent as JSON.",
  endpoint_unsuitable: "The model does not answer this kind of request.",
  parameters_unsupported: "No provider of this model knows all parameters of the request.",
  provider_refused: "The provider refused the request as it was.",
  provider_auth: "The provider did not accept this instance's credentials. The operator must check its API key.",
  provider_rate_limited: "The provider is limiting this instance. Wait a little and try again.",
  provider_unavailable: "The provider could not be reached or answered with an error.",
  provider_invalid_response: "The provider sent an answer that cannot be read.",
  provider_overloaded: "The provider is overloaded. Wait a little and try again.",
  provider_timeout: "The provider did not answer in time.",
  provider_stream_broken: "The provider's answer broke off; what arrived is incomplete.",
  shutting_down: "Gapura is restarting. Try again in a few seconds.",
  storage_unavailable: "Gapura cannot reach its database at the moment. Try again in a few seconds.",
  internal: "Something went wrong inside Gapura.",
  network: "Gapura cannot be reached. Is it running, and is your connection up?",
  timeout: "Gapura did not answer in time. Try again.",
  unreadable: "The answer cannot be read. Something between you and Gapura may have changed it.",
} satisfies Record<ErrorCode | "network" | "timeout" | "unreadable", string>;
