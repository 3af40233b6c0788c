/**
 * Amazon Bedrock in one region: chat through Converse, embeddings and reranking through InvokeModel.
 *
 * Invariants: the path that is signed is the path that is sent (model ids hold colons, and ARNs slashes); nothing goes
 * out unsigned. Failure modes: GapuraError provider_auth without a usable credential.
 */
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import type { Secret } from "../../../kernel/secret.ts";
import type { UpstreamDialect } from "../../canonical/dialects.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Attempt, ProviderAdapter } from "../adapter.ts";
import type { HttpProvider, ListAnswer, ListContext, ProviderIdentity } from "../http-provider.ts";
import { converseDialect } from "./dialect.ts";
import { bedrockEmbeddings } from "./embeddings.ts";
import { readBedrockModels } from "./models.ts";
import { bedrockRerank } from "./rerank.ts";
import { authorizedHeaders } from "./signing.ts";

const MAX_PROFILES = 1_000;

export function bedrockProvider(identity: ProviderIdentity, clock: Clock = systemClock): HttpProvider {
  const { slug } = identity;
  return {
    descriptor: identity,
    createAdapter: (transport) => adapter(identity, { transport, clock }),
    furtherOrigins: [controlUrl(identity.baseUrl)],
    reportsCost: false,
    collectModels: (credential, context) => collectModels(identity, credential, { ...context, clock }),
    assumedModels: [],
    readModels: (list) => readBedrockModels(list, slug),
    acceptUnlisted: (name) => (name.startsWith(`${slug}/`) ? name.slice(slug.length + 1) : undefined),
  };
}

function adapter(
  identity: ProviderIdentity,
  { transport, clock }: { transport: Transport; clock: Clock },
): ProviderAdapter {
  return {
    descriptor: identity,
    dialects: (upstreamModel) => [dialectOf(identity.name, upstreamModel)],
    send: async (attempt: Attempt) => {
      const { upstreamModel, streamed, credential, body, signal } = attempt;
      const operation = operationOf(attempt);
      const url = `${identity.baseUrl}/model/${encodeURIComponent(upstreamModel)}/${operation}`;
      const plain = {
        "content-type": "application/json",
        accept: streamed ? "application/vnd.amazon.eventstream" : "application/json",
        "accept-encoding": "identity",
      };
      const request = { method: "POST" as const, url, headers: plain, body };
      const headers = await authorizedHeaders(request, { credential, provider: identity.name, clock });
      return transport.send({ ...request, headers, signal });
    },
  };
}

/** Each model answers in one. */
function dialectOf(provider: string, model: string): UpstreamDialect {
  return bedrockEmbeddings(provider, model) ?? bedrockRerank(provider, model) ?? converseDialect(provider, model);
}

function operationOf({ dialect, streamed }: Attempt): string {
  if (dialect !== "bedrock-converse") return "invoke";
  return streamed ? "converse-stream" : "converse";
}

/** The host that knows the models stands beside the one that runs them; an address of the operator's own is both. */
function controlUrl(baseUrl: string): string {
  return baseUrl.replace("://bedrock-runtime.", "://bedrock.");
}

/** Who may not list profiles still gets the models that can be called directly. */
async function collectModels(
  { baseUrl, name: provider }: ProviderIdentity,
  credential: Secret | null,
  { ask, clock }: ListContext & { clock: Clock },
): Promise<ListAnswer> {
  const askSigned = async (path: string): Promise<ListAnswer> => {
    const url = `${controlUrl(baseUrl)}${path}`;
    const request = { method: "GET" as const, url, headers: { accept: "application/json" } };
    return ask({ url, headers: await authorizedHeaders(request, { credential, provider, clock }) });
  };
  const foundation = await askSigned("/foundation-models");
  if (foundation.status !== 200) return foundation;
  const profiles = await askSigned(`/inference-profiles?maxResults=${MAX_PROFILES}&type=SYSTEM_DEFINED`);
  const known = profiles.status === 200 ? profiles.value : null;
  return { status: 200, value: { foundation: foundation.value, profiles: known } };
}
