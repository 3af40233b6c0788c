/**
 * Every error that a client can be shown, in one table. A throwing site names the row and fills the blanks; it never
 * writes its own sentence. What went wrong inside goes to the log through `cause`, never to the client.
 *
 * `errorType` is the vocabulary of OpenRouter's API. Each row has an anchor of its code in docs/errors.md.
 */
import { type ErrorRow, row } from "./error-row.ts";
import { signInErrors } from "./sign-in-errors.ts";
import { teamErrors } from "./team-errors.ts";

export const errorTable = {
  ...signInErrors,
  ...teamErrors,
  missing_credentials: row(
    401,
    "authentication",
    'No API key was sent. Add the header "Authorization: Bearer <your key>"; create a key on the API Keys page of the dashboard.',
  ),
  malformed_key: row(
    401,
    "authentication",
    "This is not a Gapura API key, or a character was lost while copying it. A key begins with gpr_ and has 50 characters; copy it again or create a new one on the API Keys page.",
  ),
  unknown_key: row(
    401,
    "authentication",
    "This API key does not exist or was deleted. Create a new one on the API Keys page.",
  ),
  disabled_key: row(401, "authentication", "This API key is disabled. Its owner can enable it on the API Keys page."),
  expired_key: row(
    401,
    "authentication",
    "This API key expired on {expiredAt}. Create a new one on the API Keys page.",
  ),
  signature_wrong: row(
    403,
    "permission_denied",
    "The signature of this report is missing, or does not fit its bytes, or names a key that GitHub does not have.",
  ),
  github_unreachable: row(
    503,
    "service_unavailable",
    "The keys that reports are signed with cannot be read from GitHub at this moment. Send the report again later.",
  ),
  key_lifetime_too_long: row(
    400,
    "invalid_request",
    "Keys of this instance live {days} days at most, so this one must end on {latest} at the latest. Name an earlier end.",
  ),
  rotated_key: row(
    401,
    "authentication",
    "This API key was rotated, and its former secret ended on {endedAt}. Use the new secret; whoever rotated the key has it.",
  ),
  account_inactive: row(
    401,
    "authentication",
    "The account behind this API key is suspended. Ask the operator of this gateway.",
  ),
  address_not_allowed: row(
    403,
    "permission_denied",
    "This API key may not be used from the address {address}. Its owner decides from where: for one key on the API Keys page, for all keys of the account on the Security page.",
  ),
  model_not_allowed: row(
    403,
    "permission_denied",
    "This API key may not call {model}. It may call: {allowed}. GET {modelsUrl} lists the models for this key; its owner decides which they are on the API Keys page.",
  ),
  management_key_refused: row(
    403,
    "permission_denied",
    "Management keys administer and cannot run inference. Use a key that begins with gpr_.",
  ),
  management_key_needed: row(
    403,
    "permission_denied",
    "Only management keys can perform this operation. Use a key that begins with gprm_.",
  ),
  payload_logging_off: row(
    403,
    "permission_denied",
    "This instance does not keep requests and answers, so there is no content to show. Its operator can change that with PAYLOAD_LOGGING=on; what was asked before stays unknown.",
  ),
  key_limit_reached: row(
    402,
    "payment_required",
    "This request may cost {asked} USD, and this API key has {left} USD left of its limit of {limit} USD ({period}). {hint} Its owner can raise the limit on the API Keys page.",
  ),
  account_budget_reached: row(
    402,
    "payment_required",
    "This request may cost {asked} USD, and the account of this API key has {left} USD left of its budget of {limit} USD ({period}). {hint} The operator of this gateway can raise the budget.",
  ),
  credit_used_up: row(
    402,
    "payment_required",
    "This request may cost {asked} USD, and the account of this API key has {left} USD of its credit left. {hint} The operator of this gateway can add credit.",
  ),
  instance_budget_reached: row(
    402,
    "payment_required",
    "This request may cost {asked} USD, and this gateway has {left} USD left of its budget of {limit} USD ({period}). {hint} Its operator can raise the budget.",
  ),
  budget_in_flight: row(
    402,
    "payment_required",
    "This request may cost {asked} USD. {whose} has {left} USD left at this moment, and {held} USD more are set aside for calls that are still running: what they do not use comes back when they end. {hint} Or send the same request again in {seconds} seconds.",
  ),
  price_unknown: row(
    402,
    "payment_required",
    "This API key is held to a spending limit, and nobody knows what {model} costs. Choose a model with a price (GET {modelsUrl} lists them), or have the operator set one: under models in gapura.config.yaml, price: { prompt: 2.5, completion: 10 }, in dollars per million tokens.",
  ),
  request_rate_reached: row(
    429,
    "rate_limit_exceeded",
    "{whose} has a cap of {limit} on requests in any minute, and it is used up. {raise} Try again in {seconds} seconds.",
  ),
  token_rate_reached: row(
    429,
    "rate_limit_exceeded",
    "{whose} has a cap of {limit} on tokens in any minute, and there is no room for this request. {raise} Try again in {seconds} seconds, or ask for less.",
  ),
  parallel_calls_reached: row(
    429,
    "rate_limit_exceeded",
    "{whose} has a cap of {limit} on calls at the same time, and so many are running. {raise} Try again when one has ended.",
  ),
  tokens_over_cap: row(
    400,
    "max_tokens_exceeded",
    "{whose} may use no more than {limit} tokens in any minute, and this request may use {asked}. {raise} Ask for a shorter answer, or shorten the prompt.",
  ),
  idempotency_key_missing: row(
    400,
    "invalid_request",
    "This request moves money, so it needs the header Idempotency-Key: a text of your own for this one movement, the same when you send it again.",
  ),
  idempotency_key_reused: row(
    422,
    "invalid_request",
    "This Idempotency-Key was used for another request. Take a new one for every movement, and the same only to repeat it.",
  ),
  alert_answered: row(409, "invalid_request", "This alert was answered already. Look at it again to see how."),
  refund_exceeds_credit: row(
    409,
    "invalid_request",
    "Only {left} USD of the credit are neither spent nor held, so no more can be paid back.",
  ),
  auth_code_invalid: row(
    403,
    "permission_denied",
    "This authorization code is unknown, has expired or was used already. Send the person to the consent page again for a new one.",
  ),
  code_verifier_wrong: row(
    403,
    "permission_denied",
    "The code_verifier does not belong to this authorization code, which is used up now. Send the person to the consent page again, and keep the verifier of that attempt.",
  ),
  not_signed_in: row(401, "authentication", "You are not signed in, or your session has ended. Log in again."),
  wrong_login: row(401, "authentication", "The e-mail address or the password is wrong."),
  wrong_password: row(403, "permission_denied", "The current password is wrong."),
  weak_password: row(
    400,
    "invalid_request",
    "This password {reason}, so it would be guessed early. Choose something longer that only you would write; several unrelated words are good.",
  ),
  link_expired: row(400, "invalid_request", "This link has expired or was used already. Ask for a new one."),
  sign_up_by_invitation: row(
    403,
    "permission_denied",
    "Accounts on this instance are made by invitation. Ask its owner to invite this e-mail address, and open the link in that mail.",
  ),
  sign_up_domain: row(403, "permission_denied", "Only addresses at {domains} may sign up on this instance."),
  setup_token_wrong: row(
    403,
    "permission_denied",
    "The setup token is wrong. It stands in the terminal where Gapura was started, and changes with every start.",
  ),
  email_not_verified: row(
    403,
    "permission_denied",
    "Your e-mail address is not verified yet. Open the link in the mail we sent you, or ask for a new one.",
  ),
  owner_only: row(403, "permission_denied", "Only the owner of this instance can do this."),
  setup_required: row(
    503,
    "provider_unavailable",
    "This instance has no owner yet. Open it in a browser and enter the setup token from the terminal where it was started.",
  ),
  cross_site_request: row(403, "permission_denied", "This request came from another site and was refused."),
  too_many_attempts: row(429, "rate_limit_exceeded", "Too many attempts. Wait {seconds} seconds and try again."),
  invalid_json: row(400, "invalid_request", "The body is not valid JSON: {reason}."),
  body_not_object: row(400, "invalid_request", "The body must be a JSON object."),
  body_too_deep: row(400, "invalid_request", "The body is nested deeper than {limit} levels."),
  body_too_large: row(
    413,
    "payload_too_large",
    "The body is larger than {limit} bytes. Send less, or ask the operator to raise MAX_BODY_BYTES.",
  ),
  body_too_complex: row(
    400,
    "invalid_request",
    "The body holds more than {limit} {what}. Split it into several requests.",
  ),
  body_late: row(408, "timeout", "The body did not arrive within {seconds} seconds. Send it again."),
  body_encoding: row(400, "invalid_request", "The body is not valid UTF-8."),
  body_compressed: row(
    400,
    "invalid_request",
    "Compressed bodies are not accepted. Send the JSON without Content-Encoding.",
  ),
  duplicate_field: row(400, "invalid_request", 'The field "{field}" stands twice in the body. Send it once.'),
  encryption_key_missing: row(
    409,
    "invalid_request",
    "This instance has no encryption key, so it cannot keep provider keys. Its operator sets ENCRYPTION_KEY, the same on every node, and restarts it.",
  ),
  provider_key_locked: row(
    409,
    "invalid_request",
    "The stored key of {provider} cannot be opened with the encryption keys of this instance. Type the key again, or have the operator put the encryption key back.",
  ),
  invalid_field: row(400, "invalid_request", "{field}: {reason}"),
  model_missing: row(
    400,
    "invalid_request",
    'The field "model" is missing. Name a model, for example "{example}"; GET {modelsUrl} lists them.',
  ),
  model_unknown: row(
    400,
    "invalid_request",
    "{model} is not a valid model ID. GET {modelsUrl} lists the models this instance can serve.",
  ),
  model_not_connected: row(
    404,
    "not_found",
    "{model} is known, but no connected provider serves it. Connect one of: {providers}. The operator adds it on the Providers page, or sets its API key (for example {variable}) and restarts Gapura.",
  ),
  endpoints_filtered: row(
    404,
    "not_found",
    "No endpoints found for {model} that meet what this request asks for: {reasons}. Change these wishes, or choose another model.",
  ),
  variant_unavailable: row(
    404,
    "not_found",
    "No endpoints found for {model}: {base} is connected, but not as its variant :{variant}. Leave the suffix out, or choose another model.",
  ),
  preset_unknown: row(
    404,
    "not_found",
    'There is no preset "{slug}" in this account. Make it on the page Routing, or leave it out of the request.',
  ),
  no_model_fits: row(
    404,
    "not_found",
    "No endpoints found for {model}: no connected model {needed}. GET {modelsUrl} lists the models and what each can do.",
  ),
  not_found: row(
    404,
    "not_found",
    "There is nothing at this address. The base URL for programs ends with /api/v1; for those of Anthropic's API, which add /v1 themselves, it ends with /api.",
  ),
  resource_not_found: row(404, "not_found", "{what} was not found."),
  method_not_allowed: row(405, "invalid_request", "{method} is not allowed here. Use {allowed}."),
  copy_failed: row(503, "service_unavailable", "The copy of the database could not be made. {reason}"),
  conflict: row(409, "invalid_request", "{reason}"),
  unsupported_media_type: row(415, "invalid_request", "Send the body as Content-Type: application/json."),
  endpoint_unsuitable: row(
    400,
    "invalid_request",
    "{provider} cannot answer {api} requests with {model}. Choose another model, or another endpoint of this API.",
  ),
  parameters_unsupported: row(
    404,
    "not_found",
    "{provider} has no word for these parameters with {model}: {parameters}. Leave them out, or set provider.require_parameters to false.",
  ),
  content_unsupported: row(400, "invalid_request", "{provider} cannot take this with {model}: {content}."),
  provider_refused: row(400, "invalid_request", "{provider} refused the request: {reason}"),
  prompt_too_long: row(
    400,
    "context_length_exceeded",
    "The prompt is too long for this model at {provider}. Shorten it, or choose a model with a longer context. {provider} says: {reason}",
  ),
  content_refused: row(400, "content_policy_violation", "{provider} refused the request for what it says: {reason}"),
  provider_auth: row(
    502,
    "provider_unavailable",
    "{provider} did not accept the gateway's own credentials. The operator must check the API key of this provider.",
  ),
  provider_rate_limited: row(
    429,
    "rate_limit_exceeded",
    "{provider} is rate-limiting this gateway. Wait {seconds} seconds and try again.",
  ),
  provider_unavailable: row(
    502,
    "provider_unavailable",
    "{provider} could not be reached or answered with an error. Try again; if it stays, another model may work.",
  ),
  provider_invalid_response: row(502, "provider_unavailable", "{provider} sent an answer that cannot be read."),
  provider_overloaded: row(
    503,
    "provider_overloaded",
    "{provider} is overloaded. Wait {seconds} seconds and try again.",
  ),
  provider_resting: row(
    503,
    "provider_unavailable",
    "{provider} has just failed again and again, so it is left alone for {seconds} seconds. Try again then, or use another model.",
  ),
  provider_timeout: row(504, "timeout", "{provider} did not answer in time. Try again, or ask for a shorter answer."),
  provider_stream_broken: row(
    502,
    "provider_unavailable",
    "The answer of {provider} broke off. What you have so far is incomplete.",
  ),
  client_too_slow: row(
    499,
    "timeout",
    "Nothing of this answer was read for too long, so it was ended. Read a stream as it comes.",
  ),
  shutting_down: row(503, "provider_unavailable", "The gateway is restarting. Try again in a few seconds."),
  storage_unavailable: row(
    503,
    "provider_unavailable",
    "The gateway cannot reach its database at the moment. Your key is fine; try again in a few seconds.",
  ),
  storage_full: row(
    503,
    "provider_unavailable",
    "The disk of this gateway is full, so nothing can be recorded; its operator must make room. Your key is fine, and nothing was charged for this request. Try again later.",
  ),
  internal: row(
    500,
    "server",
    "Something went wrong inside the gateway. Quote the request id {requestId} to its operator.",
  ),
} satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export interface ErrorDetails {
  /** Fills the blanks of the row's text. */
  values?: Record<string, string | number>;
  /** Safe facts for `error.metadata`: provider name, upstream status, field names. Never a secret. */
  metadata?: Record<string, unknown>;
  /** Becomes the Retry-After header. */
  retryAfterSeconds?: number;
  /** Further headers of the answer. */
  headers?: Record<string, string>;
  /** For the log only. */
  cause?: unknown;
}

/** An error whose text may be shown to the client, because it comes from the table. */
export class GapuraError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errorType: string;
  readonly metadata: Record<string, unknown> | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const found = errorTable[code];
    super(fill(found.text, details.values ?? {}), { cause: details.cause });
    this.name = "GapuraError";
    this.code = code;
    this.status = found.status;
    this.errorType = found.errorType;
    this.metadata = details.metadata;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.headers = details.headers ?? {};
  }
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => String(values[name] ?? blank));
}
