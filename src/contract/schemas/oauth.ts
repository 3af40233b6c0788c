/** The OAuth flow (PKCE): what an app asks for, what a person agrees to, and the exchange of a code for a key. */
import { z } from "zod";
import { timeMs, usd } from "./common.ts";
import { limitResetSchema, usdNumberInput, usdTextInput, utcTimeInput } from "./limits.ts";

const callbackUrl = z.string().max(2_048);
const codeChallenge = z.string().max(128);
/** S256: SHA-256 of the verifier in base64url. plain: the verifier itself. */
const codeChallengeMethod = z.enum(["S256", "plain"]);
const keyLabel = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // A sign that turns the direction of writing would show the person another name than the app gave.
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, "must not contain control characters");

/** The address of the consent page, whose parameters are the app's own. Unknown ones are left alone. */
export const authorizationQuery = z.object({
  callback_url: callbackUrl.optional(),
  code_challenge: codeChallenge.optional(),
  code_challenge_method: z.string().pipe(codeChallengeMethod).optional(),
  key_label: keyLabel.optional(),
  limit: usdTextInput.optional(),
  usage_limit_type: z.string().pipe(limitResetSchema).optional(),
  expires_at: utcTimeInput.optional(),
});
export type AuthorizationQuery = z.output<typeof authorizationQuery>;

/** What a person is asked. */
export const authorizationSchema = z.object({
  /** The origin that the code goes to; null for a program that shows no page, to which the person carries the code. */
  appOrigin: z.string().nullable(),
  keyName: z.string(),
  limitUsd: usd.nullable(),
  limitReset: limitResetSchema.nullable(),
  expiresAt: timeMs.nullable(),
  /** Where "no" leads; null where there is nowhere to go back to. */
  denyUrl: z.string().nullable(),
});
export type Authorization = z.infer<typeof authorizationSchema>;

/** "Yes", with the limit that the person settled on in place of the one that the app asked for. */
export const grantBody = z.strictObject({
  request: authorizationQuery,
  limitUsd: usdTextInput.nullable(),
  limitReset: limitResetSchema.nullable(),
});
export const grantSchema = z.object({
  code: z.string(),
  /** The callback with the code in it; null where the person carries the code. */
  redirectUrl: z.string().nullable(),
  expiresAt: timeMs,
});

export const createAuthCodeBody = z.object({
  callback_url: callbackUrl,
  code_challenge: codeChallenge.optional(),
  code_challenge_method: codeChallengeMethod.optional(),
  key_label: keyLabel.optional(),
  limit: usdNumberInput.optional(),
  usage_limit_type: limitResetSchema.optional(),
  expires_at: utcTimeInput.nullish(),
});
export const createdAuthCodeSchema = z.object({
  data: z.object({
    /** The code itself. */
    id: z.string(),
    /** A number that stands for the app's origin. */
    app_id: z.number().int(),
    created_at: z.string(),
  }),
});

export const exchangeBody = z.object({
  code: z.string().max(200),
  code_verifier: z.string().max(200).nullish(),
  code_challenge_method: codeChallengeMethod.nullish(),
});
export const exchangedSchema = z.object({ key: z.string(), user_id: z.string().nullable() });
