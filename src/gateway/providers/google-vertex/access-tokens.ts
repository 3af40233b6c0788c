/**
 * Access tokens of a service account: a signed statement of who is asking is exchanged for a token that is good for an
 * hour. Everything goes out through the gateway's one transport.
 *
 * Invariants: one exchange at a time for each account, whoever waits for it; a token is renewed before it ends; a
 * failed exchange is forgotten, so that the next request tries anew. Throws GapuraError provider_auth for an account
 * that cannot be used, and lets TransportError through.
 */
import { importPKCS8, SignJWT } from "jose";
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import { isJsonObject, parseJson, stringField } from "../../../kernel/json.ts";
import { boundedText } from "../../transport/bounded-text.ts";
import type { Transport } from "../../transport/transport.ts";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const USUAL_TOKEN_URL = "https://oauth2.googleapis.com/token";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const STATEMENT_SECONDS = 3_600;
/** How long before its end a token is no longer used. */
const RENEW_BEFORE_MS = 5 * 60_000;
const EXCHANGE_TIMEOUT_MS = 15_000;
const MAX_TOKEN_ANSWER_BYTES = 64 * 1024;
/** Accounts are those of configured providers; this only bounds a mistake. */
const MAX_ACCOUNTS = 100;

interface ServiceAccount {
  email: string;
  privateKey: string;
  tokenUrl: string;
}

interface Kept {
  token: Promise<string>;
  /** Infinity while the exchange is under way. */
  renewAtMs: number;
}

export class AccessTokens {
  readonly #kept = new Map<string, Kept>();
  readonly #provider: string;
  readonly #clock: Clock;

  constructor(provider: string, clock: Clock) {
    this.#provider = provider;
    this.#clock = clock;
  }

  /** A token for the service account whose key file is given. */
  of(keyFile: string, transport: Transport): Promise<string> {
    const found = this.#kept.get(keyFile);
    if (found && this.#clock.nowMs() < found.renewAtMs) return found.token;
    const kept: Kept = { token: this.#exchange(keyFile, transport), renewAtMs: Number.POSITIVE_INFINITY };
    if (this.#kept.size >= MAX_ACCOUNTS) this.#kept.clear();
    this.#kept.set(keyFile, kept);
    return kept.token;
  }

  /** Forgets a token that Google did not take. */
  forget(keyFile: string): void {
    this.#kept.delete(keyFile);
  }

  async #exchange(keyFile: string, transport: Transport): Promise<string> {
    try {
      const nowMs = this.#clock.nowMs();
      const { token, lifeSeconds } = await this.#ask(this.#read(keyFile), transport);
      const kept = this.#kept.get(keyFile);
      if (kept) kept.renewAtMs = nowMs + lifeSeconds * 1_000 - RENEW_BEFORE_MS;
      return token;
    } catch (error) {
      this.forget(keyFile);
      throw error;
    }
  }

  #read(keyFile: string): ServiceAccount {
    const parsed = parseJson(keyFile);
    const file = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
    const email = stringField(file, "client_email");
    const privateKey = stringField(file, "private_key");
    if (email === undefined || privateKey === undefined) throw this.#refused("it is no key file of a service account");
    return { email, privateKey, tokenUrl: stringField(file, "token_uri") ?? USUAL_TOKEN_URL };
  }

  async #ask(account: ServiceAccount, transport: Transport): Promise<{ token: string; lifeSeconds: number }> {
    const assertion = await this.#statement(account);
    const answer = await transport.send({
      method: "POST",
      url: account.tokenUrl,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new TextEncoder().encode(new URLSearchParams({ grant_type: GRANT, assertion }).toString()),
      signal: AbortSignal.timeout(EXCHANGE_TIMEOUT_MS),
      firstByteTimeoutMs: EXCHANGE_TIMEOUT_MS,
    });
    const parsed = parseJson(await boundedText(answer, MAX_TOKEN_ANSWER_BYTES));
    const body = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
    if (answer.status >= 400 && answer.status < 500) {
      throw this.#refused(`the exchange was refused: ${stringField(body, "error") ?? `status ${answer.status}`}`);
    }
    const token = stringField(body, "access_token");
    const { expires_in: life } = body;
    if (!answer.ok || token === undefined) {
      throw new GapuraError("provider_unavailable", {
        values: { provider: this.#provider },
        metadata: { provider_name: this.#provider, upstream_status: answer.status },
      });
    }
    return { token, lifeSeconds: typeof life === "number" && life > 0 ? life : STATEMENT_SECONDS };
  }

  async #statement({ email, privateKey, tokenUrl }: ServiceAccount): Promise<string> {
    const seconds = Math.floor(this.#clock.nowMs() / 1_000);
    try {
      return await new SignJWT({ scope: SCOPE })
        .setProtectedHeader({ alg: "RS256", typ: "JWT" })
        .setIssuer(email)
        .setAudience(tokenUrl)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + STATEMENT_SECONDS)
        .sign(await importPKCS8(privateKey, "RS256"));
    } catch {
      throw this.#refused("its private key cannot be read");
    }
  }

  /** The reason is for the log; it never holds a part of the key. */
  #refused(reason: string): GapuraError {
    return new GapuraError("provider_auth", {
      values: { provider: this.#provider },
      metadata: { provider_name: this.#provider },
      cause: new Error(reason),
    });
  }
}
