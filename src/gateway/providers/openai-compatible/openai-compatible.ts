/** Any server that speaks OpenAI's dialects over HTTP. What is special about a vendor is in its descriptor and quirks. */

import type { Secret } from "../../../kernel/secret.ts";
import type { DialectName, UpstreamDialect } from "../../canonical/dialects.ts";
import type { Transport } from "../../transport/transport.ts";
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
  const headers = new OutboundHeaders(vendor.bearer ?? revealed);
  return {
    descriptor,
    dialects: vendor.dialects,
    send: ({ dialect, body, signal, ...attempt }) =>
      transport.send({
        method: "POST",
        url: `${descriptor.baseUrl}${paths[dialect]}`,
        headers:
          dialect === "anthropic-messages"
            ? { ...headers.of(attempt), ...messagesHeaders(attempt.clientHeaders) }
            : headers.of(attempt),
        body,
        signal,
      }),
  };
}

function revealed(credential: Secret): string {
  return credential.reveal();
}

type Headers = Readonly<Record<string, string>>;
interface BothForms {
  streamed: Headers;
  whole: Headers;
}

/** Of one credential always the same objects, so that how they are written has to be found out once. */
class OutboundHeaders {
  readonly #bearer: (credential: Secret) => string;
  readonly #known = new WeakMap<Secret, BothForms>();
  readonly #ofNobody = bothForms({});

  constructor(bearer: (credential: Secret) => string) {
    this.#bearer = bearer;
  }

  of({ credential, streamed }: Pick<Attempt, "credential" | "streamed">): Headers {
    const forms = credential === null ? this.#ofNobody : this.#with(credential);
    return streamed ? forms.streamed : forms.whole;
  }

  #with(credential: Secret): BothForms {
    const known = this.#known.get(credential);
    if (known !== undefined) return known;
    const forms = bothForms({ authorization: `Bearer ${this.#bearer(credential)}` });
    this.#known.set(credential, forms);
    return forms;
  }
}

function bothForms(authorization: { authorization?: string }): BothForms {
  const form = (accept: string): Headers =>
    Object.freeze({ "content-type": "application/json", accept, "accept-encoding": "identity", ...authorization });
  return { streamed: form("text/event-stream"), whole: form("application/json") };
}
