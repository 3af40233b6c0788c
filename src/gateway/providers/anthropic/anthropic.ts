/** Anthropic's own API. Its model list says names, limits and abilities; prices come from the bundled snapshot. */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider, knownModelsOfProvider } from "../../../catalog/known-models.ts";
import { isJsonObject, type JsonObject, objectField, stringField } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Attempt, ProviderAdapter, ProviderDescriptor } from "../adapter.ts";
import { messagesHeaders } from "../anthropic-messages/client-headers.ts";
import { messagesDialect } from "../anthropic-messages/messages-dialect.ts";
import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";

/** The version that knows every field that the gateway writes; clients of the dialect may ask for another. */
const API_VERSION = "2023-06-01";
/** The longest page that it gives, which holds every model. */
const LIST_LIMIT = 1000;
export function anthropicProvider(identity: ProviderIdentity): HttpProvider {
  return {
    descriptor: identity,
    createAdapter: (transport) => createAdapter(identity, transport),
    reportsCost: false,
    modelsRequest: (credential) => ({
      url: `${identity.baseUrl}/models?limit=${LIST_LIMIT}`,
      headers: keyHeaders(credential),
    }),
    assumedModels: knownModelsOfProvider("anthropic").map((known) => offered(known.upstreamModel, known)),
    readModels: (list) => {
      if (!isJsonObject(list) || !Array.isArray(list.data)) return undefined;
      return list.data.flatMap((entry) => (isJsonObject(entry) ? readModel(entry) : []));
    },
    acceptUnlisted,
  };
}

function createAdapter(descriptor: ProviderDescriptor & { baseUrl: string }, transport: Transport): ProviderAdapter {
  const dialects = [messagesDialect(descriptor.name)];
  const post = (path: string, attempt: Attempt) =>
    transport.send({
      method: "POST",
      url: `${descriptor.baseUrl}${path}`,
      headers: {
        "content-type": "application/json",
        accept: attempt.streamed ? "text/event-stream" : "application/json",
        "accept-encoding": "identity",
        ...keyHeaders(attempt.credential),
        ...messagesHeaders(attempt.clientHeaders),
      },
      body: attempt.body,
      signal: attempt.signal,
    });
  return {
    descriptor,
    dialects: () => dialects,
    send: (attempt) => post("/messages", attempt),
    countTokens: (attempt) => post("/messages/count_tokens", attempt),
  };
}

function keyHeaders(credential: Secret | null): Record<string, string> {
  const version = { "anthropic-version": API_VERSION };
  return credential ? { "x-api-key": credential.reveal(), ...version } : version;
}

/** Its own names, dated or not, and the ids that OpenRouter's clients know them by. */
function acceptUnlisted(modelName: string): string | undefined {
  const known = knownModelsOfProvider("anthropic").find(({ id }) => id === modelName);
  if (known) return known.upstreamModel;
  const name = modelName.startsWith("anthropic/") ? modelName.slice("anthropic/".length) : modelName;
  return name.startsWith("claude-") ? name : undefined;
}

function readModel(entry: JsonObject): OfferedModel[] {
  const name = stringField(entry, "id");
  if (name === undefined || name === "" || name.length > 256) return [];
  const base = offered(name, knownModelOfProvider("anthropic", name));
  const created = Date.parse(stringField(entry, "created_at") ?? "") / 1000;
  return [
    {
      ...base,
      name: stringField(entry, "display_name") ?? base.name,
      created: Number.isFinite(created) && created > 0 ? Math.trunc(created) : base.created,
      contextLength: limit(entry.max_input_tokens) ?? base.contextLength,
      maxCompletionTokens: limit(entry.max_tokens) ?? base.maxCompletionTokens,
      ...abilities(entry, base),
    },
  ];
}

function limit(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** Kinds of input and parameters as the list tells them, where it does. */
function abilities(
  entry: JsonObject,
  base: OfferedModel,
): Pick<OfferedModel, "inputModalities" | "supportedParameters"> {
  const said = objectField(entry, "capabilities");
  if (!said) return base;
  const can = (name: string) => objectField(said, name)?.supported === true;
  const inputs = [...(can("image_input") ? ["image"] : []), ...(can("pdf_input") ? ["file"] : [])];
  const parameters = new Set([...base.supportedParameters, "max_tokens", "stop", "tools", "tool_choice"]);
  const setAll = (names: readonly string[], isThere: boolean) => {
    for (const name of names) isThere ? parameters.add(name) : parameters.delete(name);
  };
  setAll(["reasoning", "include_reasoning"], can("thinking"));
  setAll(["response_format", "structured_outputs"], can("structured_outputs"));
  if (can("effort")) parameters.add("verbosity");
  return { inputModalities: ["text", ...inputs], supportedParameters: [...parameters].sort() };
}

function offered(upstreamModel: string, known: KnownModel | undefined): OfferedModel {
  if (known) return { created: 0, ...known, upstreamModel };
  return {
    id: `anthropic/${upstreamModel}`,
    upstreamModel,
    name: upstreamModel,
    description: "",
    created: 0,
    contextLength: null,
    maxCompletionTokens: null,
    inputModalities: ["text", "image", "file"],
    outputModalities: ["text"],
    supportedParameters: ["max_tokens", "stop", "tool_choice", "tools"],
    price: null,
  };
}
