/** Any server that speaks OpenAI's dialects over HTTP. What is special about a vendor is in its descriptor and quirks. */

import type { Secret } from "../../../kernel/secret.ts";
import type { DialectName, UpstreamDialect } from "../../canonical/dialects.ts";
import type { OutboundRequest, Transport } from "../../transport/transport.ts";
import type { Attempt, ProviderAdapter, ProviderDescriptor } from "../adapter.ts";
import { messagesHeaders } from "../anthropic-messages/client-headers.ts";

/** Where each dialect is answered, under the base URL. */
const PATHS: Partial<Record<DialectName, string>> = {
  "openai-chat": "/chat/completions",
  "openai-completions": "/completions",
  "openai-responses": "/responses",
  "anthropic-messages": "/messages",
  embeddings: "/embeddings",
  rerank: "/rerank",
};

export interface OpenAiCompatible {
  descriptor: ProviderDescriptor & { baseUrl: string };
  dialects(upstreamModel: string): readonly UpstreamDialect[];
  /** Paths that differ from OpenAI's. */
  paths?: Partial<Record<DialectName, string>>;
  /** The token for the header, where the credential is more than that. */
  bearer?(credential: Secret): string;
}

export function createOpenAiCompatible(vendor: OpenAiCompatible, transport: Transport): ProviderAdapter {
  const { descriptor } = vendor;
  const paths = { ...PATHS, ...vendor.paths };
  return {
    descriptor,
    dialects: vendor.dialects,
    send: (attempt) =>
      transport.send(outbound(`${descriptor.baseUrl}${paths[attempt.dialect]}`, attempt, vendor.bearer ?? revealed)),
  };
}

function revealed(credential: Secret): string {
  return credential.reveal();
}

function outbound(url: string, attempt: Attempt, bearer: (credential: Secret) => string): OutboundRequest {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: attempt.streamed ? "text/event-stream" : "application/json",
    "accept-encoding": "identity",
    ...(attempt.dialect === "anthropic-messages" ? messagesHeaders(attempt.clientHeaders) : {}),
  };
  if (attempt.credential) headers.authorization = `Bearer ${bearer(attempt.credential)}`;
  return {
    method: "POST",
    url,
    headers,
    body: attempt.body,
    signal: attempt.signal,
  };
}
