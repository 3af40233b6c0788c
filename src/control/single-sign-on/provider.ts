/**
 * The OpenID provider, through a certified client library: discovery, authorization code with PKCE, state and nonce, and
 * an ID token whose signature, issuer, audience and times were checked. Nothing that the provider gives is kept but who
 * somebody is.
 *
 * Failure modes: a provider that cannot be reached is single_sign_on_down; everything that does not check out is
 * single_sign_on_failed, with the cause in the log. Its addresses are asked for anew each hour, and after each failure.
 */
import * as openid from "openid-client";
import { z } from "zod";
import { isLoopbackHost } from "../../config/hosts.ts";
import type { SingleSignOnConfig } from "../../config/sign-on.ts";
import { email as emailAddress } from "../../contract/schemas/account.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";

const TIMEOUT_SECONDS = 10;
const FRESH_MS = 3_600_000;

/** What the browser must come back with, and what proves that it is the one that went. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
}

export interface Vouched {
  issuer: string;
  subject: string;
  /** Null when the provider does not vouch for one. */
  email: string | null;
  name: string;
}

export type SingleSignOnProvider = ReturnType<typeof createSingleSignOnProvider>;

const profileSchema = z.object({
  sub: z.string().min(1).max(255),
  email: emailAddress.optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).optional(),
  name: z.string().optional().catch(undefined),
});

export function createSingleSignOnProvider(settings: SingleSignOnConfig, clock: Clock, redirectUri: string) {
  let known: { configuration: openid.Configuration; atMs: number } | null = null;

  async function configuration(): Promise<openid.Configuration> {
    if (known !== null && clock.nowMs() - known.atMs < FRESH_MS) return known.configuration;
    const fresh = await discover(settings).catch((error: unknown) => {
      throw refusalOf(error, settings.name);
    });
    known = { configuration: fresh, atMs: clock.nowMs() };
    return fresh;
  }

  return {
    name: settings.name,
    issuer: settings.issuer,

    newAttempt: (): Attempt => ({
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    }),

    /** Where the browser goes to. */
    async startUrl({ state, nonce, verifier }: Attempt): Promise<string> {
      const url = openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: "openid email profile",
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return url.href;
    },

    /** Who came back. `query` is what the provider put into the address. */
    async finish(attempt: Attempt, query: string): Promise<Vouched> {
      const config = await configuration();
      try {
        const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri}?${query}`), {
          pkceCodeVerifier: attempt.verifier,
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          idTokenExpected: true,
        });
        const claims = profileSchema.parse(tokens.claims());
        const profile =
          claims.email !== undefined || config.serverMetadata().userinfo_endpoint === undefined
            ? claims
            : profileSchema.parse(await openid.fetchUserInfo(config, tokens.access_token, claims.sub));
        return {
          issuer: config.serverMetadata().issuer,
          subject: claims.sub,
          email: profile.email_verified === true ? (profile.email ?? null) : null,
          name: nameOf(profile.name ?? claims.name, profile.email),
        };
      } catch (error) {
        // New keys or addresses of the provider may be the cause.
        known = null;
        throw refusalOf(error, settings.name);
      }
    },
  };
}

async function discover(settings: SingleSignOnConfig): Promise<openid.Configuration> {
  const issuer = new URL(settings.issuer);
  const isHere = issuer.protocol === "http:" && isLoopbackHost(issuer.hostname);
  // A token that came over TLS need not be signed for OpenID; here it must be all the same.
  const execute = [openid.enableNonRepudiationChecks, ...(isHere ? [openid.allowInsecureRequests] : [])];
  const secret = settings.clientSecret.reveal();
  const options = { execute, timeout: TIMEOUT_SECONDS };
  const found = await openid.discovery(issuer, settings.clientId, secret, openid.ClientSecretPost(secret), options);
  const ways = found.serverMetadata().token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  if (ways.includes("client_secret_post")) return found;
  const basic = openid.ClientSecretBasic(secret);
  const other = new openid.Configuration(found.serverMetadata(), settings.clientId, secret, basic);
  other.timeout = TIMEOUT_SECONDS;
  for (const apply of execute) apply(other);
  return other;
}

/** A name that sign-up would take, out of one that it might not. */
function nameOf(name: string | undefined, email: string | undefined): string {
  const plain = (name ?? "")
    .replace(/[\p{Cc}<>]/gu, "")
    .replace(/https?:\S*|www\.\S*/gi, "")
    .trim()
    .slice(0, 100);
  return plain === "" ? (email ?? "").split("@", 1)[0] || "?" : plain;
}

/** In words for the person, and the library's own for the log. */
function refusalOf(cause: unknown, name: string): GapuraError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const isDown = code === "OAUTH_TIMEOUT" || code === "OAUTH_RESPONSE_IS_NOT_CONFORM" || cause instanceof TypeError;
  if (isDown) return new GapuraError("single_sign_on_down", { values: { name }, retryAfterSeconds: 10, cause });
  const reason =
    cause instanceof openid.AuthorizationResponseError ? plainReason(cause.error) : "its answer was not valid";
  return new GapuraError("single_sign_on_failed", { values: { name, reason }, cause });
}

function plainReason(error: string): string {
  return error === "access_denied" ? "it was cancelled there" : "it refused the request";
}
