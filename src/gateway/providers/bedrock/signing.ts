/** What opens Bedrock: a Bedrock API key as Bearer, or Amazon's Signature Version 4 over the whole request. */
import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { credentialFields } from "../../../catalog/vendors/fields.ts";
import type { Clock } from "../../../kernel/clock.ts";
import { GapuraError } from "../../../kernel/errors.ts";
import type { Secret } from "../../../kernel/secret.ts";

const SERVICE = "bedrock";
/** Says what the body is, so that the signer need not read it; native code does that without a pause. */
const BODY_HASH = "x-amz-content-sha256";

export interface SignedRequest {
  method: "GET" | "POST";
  /** Absolute, its path already encoded for the wire. */
  url: string;
  headers: Record<string, string>;
  body?: Uint8Array;
}

export interface Signer {
  credential: Secret | null;
  /** For errors. */
  provider: string;
  clock: Clock;
}

/** The headers that the request is sent with. Throws GapuraError provider_auth without a usable credential. */
export async function authorizedHeaders(
  request: SignedRequest,
  { credential, provider, clock }: Signer,
): Promise<Record<string, string>> {
  const { apiKey, accessKeyId, secretAccessKey, sessionToken, region } = credentialFields(credential);
  if (apiKey !== undefined) return { ...request.headers, authorization: `Bearer ${apiKey}` };
  if (accessKeyId === undefined || secretAccessKey === undefined || region === undefined) {
    throw new GapuraError("provider_auth", { values: { provider }, metadata: { provider_name: provider } });
  }
  const session = sessionToken === undefined ? {} : { sessionToken };
  const signature = new SignatureV4({
    service: SERVICE,
    region,
    credentials: { accessKeyId, secretAccessKey, ...session },
    sha256: Sha256,
  });
  const url = new URL(request.url);
  const bodyHash = createHash("sha256")
    .update(request.body ?? "")
    .digest("hex");
  const signed = await signature.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      // The client that sends it writes `host` by itself, the same.
      headers: { ...request.headers, host: url.host, [BODY_HASH]: bodyHash },
    },
    { signingDate: new Date(clock.nowMs()) },
  );
  const { host: _, ...headers } = signed.headers;
  return headers;
}
