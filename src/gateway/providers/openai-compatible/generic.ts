import { GATEWAY_FIELDS, type HttpProvider, type ProviderIdentity } from "../http-provider.ts";
import { plainModel, readModelNames } from "./plain-models.ts";

/** Any OpenAI-compatible URL. Its models are named `slug/model`, or as they are when they already hold a slash. */
export function genericProvider(identity: ProviderIdentity, apiKeyVariable: string | null): HttpProvider {
  const prefix = `${identity.slug}/`;
  const idOf = (name: string) => (name.includes("/") ? name : prefix + name);
  return {
    descriptor: { ...identity, apiKeyVariable, keyPageUrl: null, dropsFields: GATEWAY_FIELDS },
    reportsCost: false,
    assumedModels: [],
    readModels: (list) => {
      const names = readModelNames(list);
      return names?.map(({ name, created }) => ({ ...plainModel(idOf(name), name), created }));
    },
    acceptUnlisted: (modelName) => (modelName.startsWith(prefix) ? modelName.slice(prefix.length) : undefined),
  };
}
