/**
 * better-auth as a library: it hashes, compares, issues and reads sessions. Its HTTP handler is not mounted; the
 * contract's own operations call its functions, so that no route exists that the contract does not list.
 *
 * Sessions: an opaque token in an HttpOnly cookie, its SHA-256 in the database, thirty days at most and seven idle.
 */
import { kyselyAdapter } from "@better-auth/kysely-adapter";
import { betterAuth } from "better-auth";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "../../contract/schemas/account.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { Engine } from "../../storage/engine.ts";
import type { Db } from "../../storage/open.ts";
import { withHashedSessionTokens } from "./hashed-tokens.ts";
import type { PasswordHasher } from "./password-hash.ts";
import { sessionMaker } from "./session-maker.ts";

export const SESSION_MAX_AGE_MS = 30 * 24 * 3_600_000;
export const SESSION_MAX_IDLE_MS = 7 * 24 * 3_600_000;
/** The header in which the caller's address, as the server knows it, reaches better-auth. Never taken from a client. */
export const CLIENT_ADDRESS_HEADER = "x-gapura-client-address";

export interface AuthOptions {
  db: Db;
  engine: Engine;
  baseUrl: string;
  secret: Secret;
  hasher: PasswordHasher;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth(options: AuthOptions) {
  const { db, engine, hasher } = options;
  const isSecure = options.baseUrl.startsWith("https:");
  const times = { createdAt: "created_at", updatedAt: "updated_at" };
  return betterAuth({
    appName: "Gapura",
    baseURL: options.baseUrl,
    secret: options.secret.reveal(),
    database: (settings) => withHashedSessionTokens(kyselyAdapter(db, { type: engine })(settings)),
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    user: { fields: { emailVerified: "email_verified", ...times } },
    session: {
      fields: {
        userId: "user_id",
        expiresAt: "expires_at",
        ipAddress: "ip_address",
        userAgent: "user_agent",
        ...times,
      },
      expiresIn: SESSION_MAX_AGE_MS / 1000,
      disableSessionRefresh: true,
    },
    account: {
      modelName: "credential",
      fields: {
        accountId: "account_id",
        providerId: "provider_id",
        userId: "user_id",
        accessToken: "access_token",
        refreshToken: "refresh_token",
        idToken: "id_token",
        accessTokenExpiresAt: "access_token_expires_at",
        refreshTokenExpiresAt: "refresh_token_expires_at",
        ...times,
      },
    },
    plugins: [sessionMaker],
    verification: { fields: { expiresAt: "expires_at", ...times } },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      requireEmailVerification: true,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      maxPasswordLength: PASSWORD_MAX_LENGTH,
      password: {
        hash: (password) => hasher.hash(password),
        verify: ({ hash, password }) => hasher.verify(password, hash),
      },
    },
    advanced: {
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      cookies: {
        session_token: {
          name: isSecure ? "__Host-gapura_session" : "gapura_session",
          attributes: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
        },
      },
    },
  });
}
