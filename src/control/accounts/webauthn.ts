/**
 * Passkeys by WebAuthn. The library checks what browsers send: origin, RP id, challenge, signature, counter. A passkey
 * counts only where its device has checked its holder (finger, face, PIN), so that it is two factors by itself.
 *
 * It is loaded when first used: it is large, and no start waits for it.
 */
import { createHash } from "node:crypto";
import type { AuthenticatorTransportFuture } from "@simplewebauthn/server";
import { isLoopbackHost } from "../../config/hosts.ts";
import type { AssertionAnswer, RegistrationAnswer } from "../../contract/schemas/sign-in.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { asChecked } from "../../kernel/json.ts";
import type { PasskeyRecord } from "../../storage/stores/passkeys.ts";

const TRANSPORTS: ReadonlySet<string> = new Set(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]);

/** What browsers are told, and the challenge that their answer must hold. */
export interface Ceremony {
  options: Record<string, unknown>;
  challenge: string;
}

export interface NewPasskey {
  credentialId: string;
  publicKey: string;
  counter: number;
  transports: string[];
  isSynced: boolean;
}

export type Webauthn = ReturnType<typeof createWebauthn>;

/** Why browsers would refuse passkeys at this address: they want a name, and TLS everywhere but at this machine. */
export function passkeyProblem(baseUrl: string): "needs_https" | "needs_name" | null {
  const { protocol, hostname } = new URL(baseUrl);
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return null;
  if (protocol !== "https:" && !isLoopbackHost(hostname)) return "needs_https";
  return /^[\d.]+$|:/.test(hostname) ? "needs_name" : null;
}

export function createWebauthn(baseUrl: string) {
  const { hostname, origin } = new URL(baseUrl);
  const expected = { expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true };
  const library = () => {
    if (passkeyProblem(baseUrl) !== null) throw new GapuraError("passkeys_unavailable");
    return import("@simplewebauthn/server");
  };
  return {
    problem: passkeyProblem(baseUrl),

    async newPasskey(
      person: { id: string; name: string; email: string },
      known: readonly PasskeyRecord[],
    ): Promise<Ceremony> {
      const { generateRegistrationOptions } = await library();
      const options = await generateRegistrationOptions({
        rpName: "Gapura",
        rpID: hostname,
        userID: new Uint8Array(createHash("sha256").update(`gapura passkey ${person.id}`).digest()),
        userName: person.email,
        userDisplayName: person.name,
        attestationType: "none",
        excludeCredentials: known.map(descriptor),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
      return { options: { ...options }, challenge: options.challenge };
    },

    /** Throws passkey_refused. */
    async checkNew(response: RegistrationAnswer, challenge: string): Promise<NewPasskey> {
      const { verifyRegistrationResponse } = await library();
      const checked = await verifyRegistrationResponse({
        response: asChecked(response),
        expectedChallenge: challenge,
        ...expected,
      }).catch(refused);
      if (!checked.verified) throw new GapuraError("passkey_refused");
      const { credential, credentialBackedUp } = checked.registrationInfo;
      return {
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString("base64url"),
        counter: credential.counter,
        transports: (response.response.transports ?? []).filter((transport) => TRANSPORTS.has(transport)),
        isSynced: credentialBackedUp,
      };
    },

    /** `known` narrows it to somebody's; empty lets the browser offer whatever it has for this address. */
    async ask(known: readonly PasskeyRecord[]): Promise<Ceremony> {
      const { generateAuthenticationOptions } = await library();
      const options = await generateAuthenticationOptions({
        rpID: hostname,
        userVerification: "required",
        allowCredentials: known.map(descriptor),
      });
      return { options: { ...options }, challenge: options.challenge };
    },

    /** The counter after this use. Throws passkey_refused. */
    async check(passkey: PasskeyRecord, response: AssertionAnswer, challenge: string): Promise<number> {
      const { verifyAuthenticationResponse } = await library();
      const checked = await verifyAuthenticationResponse({
        response: asChecked(response),
        expectedChallenge: challenge,
        credential: {
          ...descriptor(passkey),
          publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")),
          counter: passkey.counter,
        },
        ...expected,
      }).catch(refused);
      if (!checked.verified) throw new GapuraError("passkey_refused");
      return checked.authenticationInfo.newCounter;
    },
  };
}

function descriptor({ credentialId, transports }: PasskeyRecord) {
  return { id: credentialId, transports: transports.filter(isTransport) };
}

function isTransport(text: string): text is AuthenticatorTransportFuture {
  return TRANSPORTS.has(text);
}

function refused(cause: unknown): never {
  throw new GapuraError("passkey_refused", { cause });
}
