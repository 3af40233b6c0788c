/** A device with passkeys, in software: it does what a browser and its device do, or leaves out what it is told to. */
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

export interface Wrongly {
  origin?: string;
  rpId?: string;
  /** The device has not checked its holder. */
  unverified?: true;
  challenge?: string;
  /** Signs with another key than it registered. */
  forged?: true;
}

interface Options {
  challenge: string;
  rp?: { id: string };
  rpId?: string;
}

export interface Authenticator {
  register(options: Options, wrongly?: Wrongly): Record<string, unknown>;
  show(options: Options, wrongly?: Wrongly): Record<string, unknown>;
}

export function createAuthenticator(origin: string): Authenticator {
  const id = randomBytes(16);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const base = { id: text(id), rawId: text(id), type: "public-key", clientExtensionResults: {} };
  let counter = 0;

  const clientData = (type: string, { challenge }: Options, wrongly: Wrongly) =>
    Buffer.from(
      JSON.stringify({
        type,
        challenge: wrongly.challenge ?? challenge,
        origin: wrongly.origin ?? origin,
        crossOrigin: false,
      }),
    );

  return {
    register: (options, wrongly = {}) => {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)]);
      const data = authData(wrongly.rpId ?? options.rp?.id ?? "", { wrongly, counter, attested });
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText("fmt"),
        cborText("none"),
        cborText("attStmt"),
        Buffer.from([0xa0]),
        cborText("authData"),
        cborBytes(data),
      ]);
      return {
        ...base,
        response: {
          clientDataJSON: text(clientData("webauthn.create", options, wrongly)),
          attestationObject: text(attestation),
          transports: ["internal"],
        },
      };
    },
    show: (options, wrongly = {}) => {
      counter++;
      const data = authData(wrongly.rpId ?? options.rpId ?? "", { wrongly, counter, attested: null });
      const client = clientData("webauthn.get", options, wrongly);
      const signed = Buffer.concat([data, createHash("sha256").update(client).digest()]);
      const key = wrongly.forged ? other.privateKey : privateKey;
      return {
        ...base,
        response: {
          clientDataJSON: text(client),
          authenticatorData: text(data),
          signature: text(createSign("sha256").update(signed).sign(key)),
        },
      };
    },
  };
}

function authData(
  rpId: string,
  { wrongly, counter, attested }: { wrongly: Wrongly; counter: number; attested: Buffer | null },
): Buffer {
  const flags = 0x01 | (wrongly.unverified ? 0 : 0x04) | (attested === null ? 0 : 0x40);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([
    createHash("sha256").update(rpId).digest(),
    Buffer.from([flags]),
    count,
    ...(attested === null ? [] : [attested]),
  ]);
}

/** ES256, as COSE writes it. */
function coseKey(key: KeyObject): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, "base64url")),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, "base64url")),
  ]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(0x40, bytes.length), bytes]);
}

function cborText(value: string): Buffer {
  return Buffer.concat([cborHead(0x60, value.length), Buffer.from(value)]);
}

function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([major | length]);
  return length < 256 ? Buffer.from([major | 24, length]) : Buffer.from([major | 25, length >> 8, length & 255]);
}

function text(bytes: Buffer): string {
  return bytes.toString("base64url");
}
