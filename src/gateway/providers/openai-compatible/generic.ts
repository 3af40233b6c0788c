import type { OfferedModel } from "../../../catalog/catalog.ts";
import type { JsonObject } from "../../../kernel/json.ts";
import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "./chat-dialect.ts";
import { completionsDialect } from "./completions-dialect.ts";
import { nameById, openAiEntries, statedLimits } from "./model-entries.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";
import { embeddingsDialect, rerankDialect } from "./plain-dialects.ts";
import { plainModel } from "./plain-models.ts";
import { type ChatQuirks, PLAIN } from "./quirks.ts";

/** What is known of a kind of server whose models are the operator's own. */
export interface GenericServer {
  quirks?: Partial<ChatQuirks>;
  /** False where it has no reranking. */
  reranks?: boolean;
  /** What an entry of its list says of a model beside its name and the usual limits. */
  readEntry?(entry: JsonObject): Partial<OfferedModel>;
}

/** Any OpenAI-compatible URL. */
export function genericProvider(identity: ProviderIdentity): HttpProvider {
  return genericServer(identity, {});
}

/** Its models are named `slug/model`, or as they are when they already hold a slash. */
export function genericServer(identity: ProviderIdentity, server: GenericServer): HttpProvider {
  const prefix = `${identity.slug}/`;
  const idOf = (name: string) => (name.includes("/") ? name : prefix + name);
  const ranking = server.reranks === false ? [] : [rerankDialect()];
  const dialects = [chatDialect({ ...PLAIN, ...server.quirks }), completionsDialect(), embeddingsDialect(), ...ranking];
  return {
    descriptor: identity,
    createAdapter: (transport) => createOpenAiCompatible({ descriptor: identity, dialects: () => dialects }, transport),
    reportsCost: false,
    assumedModels: [],
    readModels: (list) =>
      openAiEntries(list)?.flatMap((entry) => {
        const name = nameById(entry);
        if (name === undefined) return [];
        return [{ ...plainModel(idOf(name), name), ...statedLimits(entry), ...server.readEntry?.(entry) }];
      }),
    acceptUnlisted: (modelName) => (modelName.startsWith(prefix) ? modelName.slice(prefix.length) : undefined),
  };
}
