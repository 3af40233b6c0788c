/**
 * What a provider is to the gateway: a descriptor (its names and address; what makes its form and its
 * environment variables is in catalog/vendors) and an adapter (how to send one attempt). An adapter sees the request and the transport, nothing of the
 * web framework, and its folder never imports another vendor's.
 */
import type { Secret } from "../../kernel/secret.ts";
import type { DialectName, UpstreamDialect } from "../canonical/dialects.ts";
import type { Answer } from "../transport/answer.ts";
import type { StopSignal } from "../transport/stop-signal.ts";

export interface ProviderDescriptor {
  /** Lower-case, stable, used in model ids and configuration: "openai". */
  slug: string;
  /** What people read: "OpenAI". */
  name: string;
  /** Without a trailing slash; null for what runs inside this process. */
  baseUrl: string | null;
}

/** One attempt: which model of the provider, with which body. */
export interface Attempt {
  /** The dialect of the body and of the answer: one of the adapter's. */
  dialect: DialectName;
  /** The name the provider knows the model by. */
  upstreamModel: string;
  /** The body as it goes upstream: UTF-8 JSON, model already replaced. */
  body: Uint8Array<ArrayBuffer>;
  streamed: boolean;
  credential: Secret | null;
  /** The client's headers, for the few that a dialect lets through (`anthropic-beta`). */
  clientHeaders: Headers;
  /** Aborted when the client leaves or the total deadline has passed. */
  signal: StopSignal;
}

export interface ProviderAdapter {
  readonly descriptor: ProviderDescriptor;
  /** The dialects in which it can answer this model; the first that has a canonical side serves other dialects. */
  dialects(upstreamModel: string): readonly UpstreamDialect[];
  /**
   * Sends one attempt and resolves when the status line is there; the body of a success may still be streaming.
   * An upstream error status is an answer, not a rejection. Rejects with TransportError when there was no answer.
   */
  send(attempt: Attempt): Promise<Answer>;
  /** Counts the tokens of a Messages body, where the provider can; settles as `send` does. */
  countTokens?(attempt: Attempt): Promise<Answer>;
}
