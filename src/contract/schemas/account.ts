import { z } from "zod";
import { localeSchema, timeMs } from "./common.ts";

/** NIST SP 800-63B-4: length instead of composition rules. The blocklist is checked by the server. */
export const PASSWORD_MIN_LENGTH = 15;
export const PASSWORD_MAX_LENGTH = 256;

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const fullName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}<>]*$/u, "must not contain control characters or angle brackets")
  .refine((name) => !/https?:|www\./i.test(name), "must not contain a web address");
export const password = z.string().max(PASSWORD_MAX_LENGTH);
const newPassword = password.min(PASSWORD_MIN_LENGTH);
const token = z.string().min(20).max(200);

export const signUpBody = z.strictObject({
  name: fullName,
  email,
  password: newPassword,
  locale: localeSchema.optional(),
  setupToken: z.string().max(200).optional(),
  invitation: z.string().max(200).optional(),
});
/** The same answer whether or not the address was known; what happened stands in the mail. */
export const mailSentSchema = z.object({ status: z.literal("check_your_mail") });
export const signUpResult = z.object({ status: z.enum(["check_your_mail", "ready_to_log_in"]) });

export const emailBody = z.strictObject({ email, locale: localeSchema.optional() });
export const tokenBody = z.strictObject({ token });
export const verifiedSchema = z.object({ email: z.string(), purpose: z.enum(["sign_up", "email_change"]) });
export const resetPasswordBody = z.strictObject({ token, password: newPassword });
/** The current password is asked of whoever has one. */
export const changePasswordBody = z.strictObject({ currentPassword: password.optional(), newPassword });
export const changeEmailBody = z.strictObject({ currentPassword: password.optional(), newEmail: email });
export const updateAccountBody = z
  .strictObject({ name: fullName, locale: localeSchema })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name a field to change");
export const doneSchema = z.object({ done: z.literal(true) });

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["owner", "member"]),
  locale: localeSchema.nullable(),
  createdAt: timeMs,
});
export type Account = z.infer<typeof accountSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: timeMs,
  lastActiveAt: timeMs,
  expiresAt: timeMs,
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** What it began with; empty for sessions that are older than this is noted. */
  signedInWith: z.array(z.enum(["password", "code", "recovery_code", "passkey", "single_sign_on"])),
});
export type Session = z.infer<typeof sessionSchema>;
export const sessionListSchema = z.object({ sessions: z.array(sessionSchema) });

export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  createdAt: timeMs,
  expiresAt: timeMs,
  acceptedAt: timeMs.nullable(),
});
export type Invitation = z.infer<typeof invitationSchema>;
export const invitationListSchema = z.object({ invitations: z.array(invitationSchema) });
export const createInvitationBody = z.strictObject({ email, locale: localeSchema.optional() });
