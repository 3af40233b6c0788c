/**
 * Azure OpenAI: OpenAI's dialects under a resource of one's own. A model's name upstream is the name of its deployment.
 * The v1 API is used unless the operator names a dated version of the older one, which has the deployment in its path.
 */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider } from "../../../catalog/known-models.ts";
import { credentialFields } from "../../../catalog/vendors/fields.ts";
import { arrayField, isJsonObject, type JsonObject, type JsonValue } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import type { DialectName } from "../../canonical/dialects.ts";
import type { Transport } from "../../transport/transport.ts";
import type { ProviderAdapter } from "../adapter.ts";
import type { HttpProvider, ListAnswer, ListContext, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "../openai-compatible/chat-dialect.ts";
import { embeddingsDialect } from "../openai-compatible/plain-dialects.ts";
import { plainModel, readModelNames } from "../openai-compatible/plain-models.ts";
import { type ChatQuirks, PLAIN } from "../openai-compatible/quirks.ts";
import { responsesDialect } from "../openai-responses/responses-dialect.ts";

/** Fields of OpenRouter's API that Azure answers with "unrecognized request argument". */
const REJECTED_FIELDS = [
  ...["top_k", "top_a", "min_p", "repetition_penalty", "cache_control", "image_config"],
  ...["structured_outputs", "stop_server_tools_when"],
];
const QUIRKS: ChatQuirks = {
  ...PLAIN,
  rejects: REJECTED_FIELDS,
  returnsReasoning: "nothing",
  systemRole: "developer",
  readAnswer: withoutEmptyId,
};
const OTHERS = [embeddingsDialect([...REJECTED_FIELDS, "input_type"]), responsesDialect()];
const DIALECTS = [chatDialect(QUIRKS), ...OTHERS];
/** These models know the limit of an answer by its newer name alone. */
const THINKERS = /(?:^|[^a-z])(?:o[1-9]|gpt-?[5-9])/i;
const THINKERS_DIALECTS = [chatDialect({ ...QUIRKS, renames: { max_tokens: "max_completion_tokens" } }), ...OTHERS];
const OPERATIONS: Partial<Record<DialectName, string>> = {
  "openai-chat": "chat/completions",
  embeddings: "embeddings",
  "openai-responses": "responses",
};
/** Operations that have the deployment in the body, in the older API too. */
const BODY_NAMES_DEPLOYMENT: ReadonlySet<DialectName> = new Set(["openai-responses"]);
/** Versions that are not dated name the v1 API itself. */
const V1_VERSIONS: ReadonlySet<string> = new Set(["v1", "latest", "preview"]);

/** The events that tell how a prompt was filtered come before the answer, and have no id yet. */
function withoutEmptyId(answer: JsonObject): JsonObject {
  if (answer.id === "") delete answer.id;
  return answer;
}

export function azureProvider(identity: ProviderIdentity): HttpProvider {
  return {
    descriptor: identity,
    createAdapter: (transport) => adapter(identity, transport),
    reportsCost: false,
    collectModels: (credential, context) => collectModels(identity, credential, context),
    assumedModels: [],
    readModels: (list) => readModels(list, identity.slug),
    acceptUnlisted: (name) => (name.startsWith(`${identity.slug}/`) ? name.slice(identity.slug.length + 1) : undefined),
  };
}

function adapter(identity: ProviderIdentity, transport: Transport): ProviderAdapter {
  return {
    descriptor: identity,
    dialects: (deployment) => (THINKERS.test(deployment) ? THINKERS_DIALECTS : DIALECTS),
    send: (attempt) => {
      const { apiVersion } = credentialFields(attempt.credential);
      const operation = OPERATIONS[attempt.dialect] ?? "";
      const deployment = BODY_NAMES_DEPLOYMENT.has(attempt.dialect) ? null : attempt.upstreamModel;
      const url = operationUrl(identity.baseUrl, operation, { apiVersion, deployment });
      const headers = {
        "content-type": "application/json",
        accept: attempt.streamed ? "text/event-stream" : "application/json",
        "accept-encoding": "identity",
        ...keyHeader(attempt.credential),
      };
      const { body, signal } = attempt;
      return transport.send({ method: "POST", url, headers, body, signal });
    },
  };
}

function keyHeader(credential: Secret | null): Record<string, string> {
  const { apiKey } = credentialFields(credential);
  return apiKey === undefined ? {} : { "api-key": apiKey };
}

/** Where an operation is, whether the operator gave the resource's address or the one that the v1 API has in it. */
function operationUrl(
  endpoint: string,
  operation: string,
  { apiVersion, deployment }: { apiVersion: string | undefined; deployment: string | null },
): string {
  const resource = endpoint.replace(/\/openai(?:\/v1)?$/, "");
  const query = apiVersion === undefined ? "" : `?api-version=${encodeURIComponent(apiVersion)}`;
  if (apiVersion === undefined || V1_VERSIONS.has(apiVersion)) return `${resource}/openai/v1/${operation}${query}`;
  const place = deployment === null ? "" : `deployments/${encodeURIComponent(deployment)}/`;
  return `${resource}/openai/${place}${operation}${query}`;
}

/** The deployments that the operator named, else every model that the resource may have. */
async function collectModels(
  { baseUrl }: ProviderIdentity,
  credential: Secret | null,
  { ask }: ListContext,
): Promise<ListAnswer> {
  const { deployments, apiVersion } = credentialFields(credential);
  const url = operationUrl(baseUrl, "models", { apiVersion, deployment: null });
  const listed = await ask({ url, headers: keyHeader(credential) });
  const names = (deployments ?? "").split(",").filter((name) => name !== "");
  if (listed.status === 401 || listed.status === 403 || names.length === 0) return listed;
  return { status: 200, value: { data: names.map((id) => ({ id })) } };
}

function readModels(list: JsonValue, slug: string): OfferedModel[] | undefined {
  const entries = isJsonObject(list) ? arrayField(list, "data").filter(isJsonObject) : [];
  const unable = new Set(entries.filter((entry) => !isCallable(entry)).map(({ id }) => id));
  const models = readModelNames(list)?.filter(({ name }) => !unable.has(name));
  return models?.map(({ name, created }) => {
    const bare = name.slice(name.indexOf("/") + 1);
    const known = knownModelOfProvider("azure", bare) ?? knownModelOfProvider("openai", bare);
    return { ...offered(bare, known, slug), created };
  });
}

/** An entry that says what it can do must be able to chat; one that says nothing is taken at its word. */
function isCallable(entry: JsonObject): boolean {
  const { capabilities, lifecycle_status: lifecycle } = entry;
  if (lifecycle === "retired" || lifecycle === "deprecated") return false;
  return !isJsonObject(capabilities) || capabilities.chat_completion !== false || capabilities.embeddings === true;
}

/** A deployment named like a model is that model; any other name stands under the provider's own. */
function offered(name: string, known: KnownModel | undefined, slug: string): OfferedModel {
  const isNamedAlike = known !== undefined && known.upstreamModel === name;
  const model = plainModel(isNamedAlike ? known.id : `${slug}/${name}`, name);
  // What Azure asks for is not in every price book; its global deployments cost what the model's maker asks.
  return { ...model, contextLength: known?.contextLength ?? null, price: known?.price ?? null };
}
