/** Any server that speaks OpenAI's chat completions over HTTP. What is special about a vendor is in its descriptor. */
import type { OutboundRequest, Transport } from "../../transport/transport.ts";
import type { Attempt, ProviderAdapter, ProviderDescriptor } from "../adapter.ts";

/** A model may think for a while before its first byte. */
const FIRST_BYTE_TIMEOUT_MS = 120_000;

export function createOpenAiCompatible(
  descriptor: ProviderDescriptor & { baseUrl: string },
  transport: Transport,
): ProviderAdapter {
  const url = `${descriptor.baseUrl}/chat/completions`;
  return {
    descriptor,
    dialect: "openai-chat",
    send: (attempt) => transport.send(outbound(url, attempt)),
  };
}

function outbound(url: string, attempt: Attempt): OutboundRequest {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: attempt.streamed ? "text/event-stream" : "application/json",
    "accept-encoding": "identity",
  };
  if (attempt.credential) headers.authorization = `Bearer ${attempt.credential.reveal()}`;
  return {
    method: "POST",
    url,
    headers,
    body: attempt.body,
    signal: attempt.signal,
    firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS,
  };
}
