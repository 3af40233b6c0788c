/** The browser's passkeys. A person who changes their mind is null, everything else that fails is PasskeyError. */
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from "@simplewebauthn/browser";
import type { BodyOf } from "../../../src/contract/routes.ts";
import { asChecked } from "../../../src/kernel/json.ts";

export class PasskeyError extends Error {
  /** `known`: the device has one of this account already. */
  readonly reason: "known" | "failed";

  constructor(reason: PasskeyError["reason"], options: ErrorOptions) {
    super(reason, options);
    this.name = "PasskeyError";
    this.reason = reason;
  }
}

/** Whether passkeys can work in this browser at this address; `baseUrl` is the configured one. */
export function canUsePasskeys(baseUrl: string): boolean {
  return browserSupportsWebAuthn() && window.location.origin === new URL(baseUrl).origin;
}

interface Asked {
  token: string;
  options: Record<string, unknown>;
}

export async function makePasskey({
  token,
  options,
}: Asked): Promise<Pick<BodyOf<"addPasskey">, "token" | "response"> | null> {
  const made = await startRegistration({ optionsJSON: asChecked(options) }).catch(nothingOrError);
  return made === null ? null : { token, response: asChecked(made) };
}

export async function showPasskey({ token, options }: Asked): Promise<BodyOf<"passkeyLogin"> | null> {
  const shown = await startAuthentication({ optionsJSON: asChecked(options) }).catch(nothingOrError);
  return shown === null ? null : { token, response: asChecked(shown) };
}

/** Browsers say "not allowed" for a cancelled question, a timeout and a missing passkey alike. */
function nothingOrError(error: unknown): null {
  const names = [error, error instanceof Error ? error.cause : null].map((one) =>
    one instanceof Error ? one.name : "",
  );
  if (names.includes("NotAllowedError") || names.includes("AbortError")) return null;
  const isKnown = error instanceof WebAuthnError && error.code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED";
  throw new PasskeyError(isKnown ? "known" : "failed", { cause: error });
}
