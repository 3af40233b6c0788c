/** Shapes of the second step of a log-in, of passkeys, of single sign-on, and of proving once more who one is. */
import { z } from "zod";
import { accountSchema, email, password } from "./account.ts";
import { timeMs } from "./common.ts";

/** What somebody can prove themselves with. A session names those that it began with. */
export const PROOFS = ["password", "code", "recovery_code", "passkey", "single_sign_on"] as const;
export type Proof = (typeof PROOFS)[number];

const token = z.string().min(20).max(200);
/** Six digits, as authenticator apps show them; spaces between them are forgiven. */
const code = z
  .string()
  .transform((text) => text.replace(/\s/g, ""))
  .pipe(z.string().regex(/^\d{6}$/, "must be six digits"));
const recoveryCode = z.string().min(8).max(60);
const name = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}<>]*$/u, "must not contain control characters or angle brackets");

/** What the browser's WebAuthn functions take, as they take it. */
const browserOptions = z.record(z.string(), z.unknown());
const base64Url = z
  .string()
  .max(20_000)
  .regex(/^[\w-]*$/, "must be base64url");
const credential = {
  id: base64Url.min(1).max(2_000),
  rawId: base64Url.min(1).max(2_000),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
};
const registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64Url,
    attestationObject: base64Url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
});
const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64Url,
    authenticatorData: base64Url,
    signature: base64Url,
    userHandle: base64Url.optional(),
  }),
});
const passkeyAnswer = z.strictObject({ token, response: assertion });
export type RegistrationAnswer = z.output<typeof registration>;
export type AssertionAnswer = z.output<typeof assertion>;

export const secondFactorWaySchema = z.enum(["code", "recovery_code", "passkey"]);
export const loginBody = z.strictObject({ email, password });
/** Signed in; or the password was right and a second factor is asked for. */
export const loginResult = z.union([
  accountSchema,
  z.object({
    secondFactor: z.object({
      /** Names this log-in in its second step. */
      token: z.string(),
      ways: z.array(secondFactorWaySchema),
      /** For how long a browser can be trusted. */
      trustDays: z.number().int(),
    }),
  }),
]);
export type LoginResult = z.infer<typeof loginResult>;

const exactlyOne = (body: object) => Object.values(body).filter((value) => value !== undefined).length === 1;
export const finishLoginBody = z
  .strictObject({
    token,
    trustDevice: z.boolean().optional(),
    code: code.optional(),
    recoveryCode: recoveryCode.optional(),
    passkey: passkeyAnswer.optional(),
  })
  .refine(({ code, recoveryCode, passkey }) => exactlyOne({ code, recoveryCode, passkey }), "give one proof");

export const passkeyLoginOptionsBody = z.strictObject({ token: token.optional() });
export const passkeyOptionsSchema = z.object({ token: z.string(), options: browserOptions });
export const passkeyLoginBody = passkeyAnswer;

export const proofOptionsSchema = z.object({
  ways: z.array(z.enum(["password", "code", "recovery_code", "passkey"])),
  passkey: passkeyOptionsSchema.nullable(),
});
export const proofBody = z
  .strictObject({
    password: password.optional(),
    code: code.optional(),
    recoveryCode: recoveryCode.optional(),
    passkey: passkeyAnswer.optional(),
  })
  .refine(exactlyOne, "give one proof");
export type ProofBody = z.output<typeof proofBody>;

export const passkeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Whether its maker copies it to further devices. */
  isSynced: z.boolean(),
  createdAt: timeMs,
  lastUsedAt: timeMs.nullable(),
});
export type Passkey = z.infer<typeof passkeySchema>;
export const accountSecuritySchema = z.object({
  hasPassword: z.boolean(),
  authenticator: z.object({ confirmedAt: timeMs, recoveryCodesLeft: z.number().int() }).nullable(),
  passkeys: z.array(passkeySchema),
  /** Why this instance cannot have passkeys at its address, if it cannot. */
  passkeyProblem: z.enum(["needs_https", "needs_name"]).nullable(),
  identities: z.array(z.object({ id: z.string(), issuer: z.string(), createdAt: timeMs, lastUsedAt: timeMs })),
});
export type AccountSecurity = z.infer<typeof accountSecuritySchema>;

export const startAuthenticatorBody = z.strictObject({ currentPassword: password.optional() });
export const authenticatorSecretSchema = z.object({
  /** For the QR code. */
  url: z.string(),
  /** The same secret for typing: base32. */
  secret: z.string(),
});
export const confirmAuthenticatorBody = z.strictObject({ code });
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

export const addPasskeyBody = z.strictObject({ token, name, response: registration });
export const renamePasskeyBody = z.strictObject({ name });

export const startSingleSignOnBody = z.strictObject({});
export const singleSignOnStartSchema = z.object({ url: z.string() });
/** What the provider sent the browser back with, after the question mark. */
export const finishSingleSignOnBody = z.strictObject({ query: z.string().min(1).max(8_000) });
