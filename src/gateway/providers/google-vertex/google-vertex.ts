/** Gemini by Vertex: a project of Google Cloud, in one place of the world, by a service account. */
import { credentialFields } from "../../../catalog/vendors/fields.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import type { Secret } from "../../../kernel/secret.ts";
import type { Transport } from "../../transport/transport.ts";
import type { ProviderAdapter } from "../adapter.ts";
import { geminiDialects, geminiUrl } from "../google-gemini/dialect.ts";
import { knownGeminiModels, readGeminiModels } from "../google-gemini/gemini-models.ts";
import { geminiRequest } from "../google-gemini/sending.ts";
import type { HttpProvider, ListAnswer, ListContext, ProviderIdentity } from "../http-provider.ts";
import { AccessTokens } from "./access-tokens.ts";

const TOKEN_ORIGIN = "https://oauth2.googleapis.com";
const PAGE_SIZE = 300;

export function googleVertexProvider(identity: ProviderIdentity, clock: Clock = systemClock): HttpProvider {
  const tokens = new AccessTokens(identity.name, clock);
  return {
    descriptor: identity,
    createAdapter: (transport) => adapter(identity, { transport, tokens }),
    furtherOrigins: [TOKEN_ORIGIN],
    reportsCost: false,
    collectModels: (credential, context) => collectModels(identity, credential, { ...context, tokens }),
    assumedModels: knownGeminiModels(),
    readModels: (list) => readGeminiModels(list, "publisherModels"),
    acceptUnlisted: (name) => (name.startsWith(`${identity.slug}/`) ? name.slice(identity.slug.length + 1) : undefined),
  };
}

interface Account {
  project: string;
  location: string;
  keyFile: string;
}

function accountOf(credential: Secret | null): Account {
  const { project = "", location = "", serviceAccount: keyFile = "" } = credentialFields(credential);
  return { project, location, keyFile };
}

function adapter(
  identity: ProviderIdentity,
  { transport, tokens }: { transport: Transport; tokens: AccessTokens },
): ProviderAdapter {
  return {
    descriptor: identity,
    dialects: geminiDialects("vertex", identity.name),
    send: async (attempt) => {
      const { project, location, keyFile } = accountOf(attempt.credential);
      const place = `projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}`;
      const models = `${identity.baseUrl}/${place}/publishers/google/models`;
      const url = geminiUrl(models, attempt, "vertex");
      const token = await tokens.of(keyFile, transport);
      const answer = await transport.send(geminiRequest(attempt, url, { authorization: `Bearer ${token}` }));
      if (answer.status === 401) tokens.forget(keyFile);
      return answer;
    },
  };
}

/**
 * That a token can be had is what counts: a service account that may answer but not list gets the models that are known
 * of Google.
 */
async function collectModels(
  { baseUrl }: ProviderIdentity,
  credential: Secret | null,
  { ask, transport, tokens }: ListContext & { tokens: AccessTokens },
): Promise<ListAnswer> {
  const { keyFile } = accountOf(credential);
  const token = await tokens.of(keyFile, transport);
  // Only the beta of this API has a list.
  const beta = baseUrl.replace(/\/v1$/, "/v1beta1");
  const headers = { authorization: `Bearer ${token}` };
  const listed = await ask({ url: `${beta}/publishers/google/models?pageSize=${PAGE_SIZE}`, headers });
  const models = listed.status === 200 ? readGeminiModels(listed.value, "publisherModels") : undefined;
  if (models !== undefined && models.length > 0) return listed;
  return { status: 200, value: { data: knownGeminiModels().map(({ upstreamModel }) => ({ id: upstreamModel })) } };
}
