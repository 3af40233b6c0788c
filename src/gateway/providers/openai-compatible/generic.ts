import type { HttpProvider, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "./chat-dialect.ts";
import { completionsDialect } from "./completions-dialect.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";
import { embeddingsDialect, rerankDialect } from "./plain-dialects.ts";
import { plainModel, readModelNames } from "./plain-models.ts";
import { PLAIN } from "./quirks.ts";

const DIALECTS = [chatDialect(PLAIN), completionsDialect(), embeddingsDialect(), rerankDialect()];

/** Any OpenAI-compatible URL. Its models are named `slug/model`, or as they are when they already hold a slash. */
export function genericProvider(identity: ProviderIdentity): HttpProvider {
  const prefix = `${identity.slug}/`;
  const idOf = (name: string) => (name.includes("/") ? name : prefix + name);
  return {
    descriptor: identity,
    createAdapter: (transport) => createOpenAiCompatible({ descriptor: identity, dialects: () => DIALECTS }, transport),
    reportsCost: false,
    assumedModels: [],
    readModels: (list) => {
      const names = readModelNames(list);
      return names?.map(({ name, created }) => ({ ...plainModel(idOf(name), name), created }));
    },
    acceptUnlisted: (modelName) => (modelName.startsWith(prefix) ? modelName.slice(prefix.length) : undefined),
  };
}
