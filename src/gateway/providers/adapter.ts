/**
 * What a provider is to the gateway: a descriptor (data, from which the form, the environment variable and the docs
 * are made) and an adapter (how to send one attempt). An adapter sees the request and the transport, nothing of the
 * web framework, and its folder never imports another vendor's.
 */
import type { Secret } from "../../kernel/secret.ts";

/** The wire dialects an adapter can speak upstream. */
export type Dialect = "openai-chat";

export interface ProviderDescriptor {
  /** Lower-case, stable, used in model ids and configuration: "openai". */
  slug: string;
  /** What people read: "OpenAI". */
  name: string;
  /** Without a trailing slash; null for what runs inside this process. */
  baseUrl: string | null;
  /** The environment variable that connects it, null when it needs no key. */
  apiKeyVariable: string | null;
  /** Where an operator gets a key. */
  keyPageUrl: string | null;
  /** Top-level request fields of OpenRouter's API that this provider rejects as unknown; they are taken out. */
  dropsFields: readonly string[];
}

/** One attempt: which model of the provider, with which body. */
export interface Attempt {
  /** The name the provider knows the model by. */
  upstreamModel: string;
  /** The body as it goes upstream: UTF-8 JSON in the adapter's dialect, model already replaced. */
  body: Uint8Array<ArrayBuffer>;
  streamed: boolean;
  credential: Secret | null;
  /** Aborted when the client leaves or the total deadline has passed. */
  signal: AbortSignal;
}

export interface ProviderAdapter {
  readonly descriptor: ProviderDescriptor;
  readonly dialect: Dialect;
  /**
   * Sends one attempt and resolves when the status line is there; the body of a success may still be streaming.
   * An upstream error status is an answer, not a rejection. Rejects with TransportError when there was no answer.
   */
  send(attempt: Attempt): Promise<Response>;
}
