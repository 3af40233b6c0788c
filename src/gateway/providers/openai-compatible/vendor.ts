/**
 * A vendor that speaks OpenAI's dialects, from what is special about it. Names, contexts and prices come from the price
 * book by the vendor's own model names, and from the vendor's model list where that says more.
 */
import type { OfferedModel } from "../../../catalog/catalog.ts";
import { type KnownModel, knownModelOfProvider, knownModelsOfProvider } from "../../../catalog/known-models.ts";
import { ownId } from "../../../catalog/names/model-ids.ts";
import type { VendorType } from "../../../catalog/vendors/vendors.ts";
import type { JsonObject, JsonValue } from "../../../kernel/json.ts";
import type { Secret } from "../../../kernel/secret.ts";
import type { DialectName, UpstreamDialect } from "../../canonical/dialects.ts";
import type { HttpProvider, ModelsRequest, ProviderIdentity } from "../http-provider.ts";
import { chatDialect } from "./chat-dialect.ts";
import { modelEntries, nameById, statedLimits } from "./model-entries.ts";
import { createOpenAiCompatible } from "./openai-compatible.ts";
import { plainModel } from "./plain-models.ts";
import { type ChatQuirks, PLAIN } from "./quirks.ts";

export interface CompatibleVendor {
  /** Its name in the vendors' table. */
  vendor: VendorType;
  quirks?: Partial<ChatQuirks>;
  /** False where it has no chat. */
  chats?: false;
  /** Dialects beside chat. */
  others?: readonly UpstreamDialect[];
  paths?: Partial<Record<DialectName, string>>;
  /** True where the vendor's own `usage.cost` is what it charges. */
  reportsCost?: boolean;
  /** Models of its list that answer neither chat nor one of the other dialects. */
  isOther?(name: string, entry: JsonObject): boolean;
  /** The vendor's own name of a model in an entry of its list; without it `id`. */
  nameOf?(entry: JsonObject): string | undefined;
  /** What stands before every name of a model at this vendor, and nowhere else. */
  namePrefix?: string;
  /** What an entry of its list says of a model beside its name. */
  readEntry?(entry: JsonObject): Partial<OfferedModel>;
  modelsRequest?(baseUrl: string, credential: Secret | null): ModelsRequest;
  /** The token for the header, where the credential is more than that. */
  bearer?(credential: Secret): string;
  /** The vendor's own names of its models, where it has no list to ask for. */
  fixedModels?(): readonly string[];
}

export function compatibleVendor(special: CompatibleVendor): (identity: ProviderIdentity) => HttpProvider {
  const chat = special.chats === false ? [] : [chatDialect({ ...PLAIN, ...special.quirks })];
  const dialects = [...chat, ...(special.others ?? [])];
  const { paths, modelsRequest, bearer, fixedModels } = special;
  const own = { ...(paths ? { paths } : {}), ...(bearer ? { bearer } : {}) };
  return (identity) => ({
    descriptor: identity,
    createAdapter: (transport) =>
      createOpenAiCompatible({ descriptor: identity, dialects: () => dialects, ...own }, transport),
    reportsCost: special.reportsCost ?? false,
    ...(modelsRequest ? { modelsRequest: (credential) => modelsRequest(identity.baseUrl, credential) } : {}),
    ...(fixedModels ? { fixedModels: fixedModels() } : {}),
    assumedModels: knownModelsOfProvider(special.vendor).map((known) =>
      offered(special, (special.namePrefix ?? "") + known.upstreamModel, known),
    ),
    readModels: (list) => readModels(list, special),
    acceptUnlisted: (name) => (name.startsWith(`${identity.slug}/`) ? name.slice(identity.slug.length + 1) : undefined),
  });
}

function readModels(list: JsonValue, special: CompatibleVendor): OfferedModel[] | undefined {
  return modelEntries(list)?.flatMap((entry) => {
    const name = (special.nameOf ?? nameById)(entry);
    if (name === undefined || name === "" || name.length > 256 || special.isOther?.(name, entry)) return [];
    const known = knownModelOfProvider(special.vendor, bare(special, name));
    const said = { ...statedLimits(entry), ...special.readEntry?.(entry) };
    return [{ ...offered(special, name, known), ...said }];
  });
}

function bare({ namePrefix = "" }: CompatibleVendor, name: string): string {
  return name.startsWith(namePrefix) ? name.slice(namePrefix.length) : name;
}

function offered(special: CompatibleVendor, upstreamModel: string, known: KnownModel | undefined): OfferedModel {
  if (!known) return plainModel(ownId(special.vendor, bare(special, upstreamModel)), upstreamModel);
  return { created: 0, ...known, upstreamModel };
}
