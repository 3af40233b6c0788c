/**
 * The vendors as data: who they are, where they answer, what has to be said to connect them. The configuration, the
 * dashboard's form and the documentation are made from this table; how each is spoken to is in its folder under
 * gateway/providers, and a vendor that stands here without an adapter there does not compile.
 */
import { amazonBedrock, azureOpenAi, googleVertex } from "./clouds.ts";
import {
  apiKeyField,
  BASE_URL_FIELD,
  baseUrlField,
  type FieldValues,
  filledAddress,
  textField,
  type VendorField,
} from "./fields.ts";

export interface Vendor {
  /** What people read. */
  name: string;
  /** The first part of its model ids unless the operator says otherwise; null where the operator must say it. */
  slug: string | null;
  /**
   * Where it answers, without a trailing slash; `{region}` is filled from the field of that name. Null where the
   * operator must say it, with a required field `baseUrl`.
   */
  baseUrl: string | null;
  /** Addresses of another form than `baseUrl`, by the text of one field. */
  elsewhere?: { field: string; addresses: Readonly<Record<string, string>> };
  /** Where an operator gets a key. */
  keyPageUrl: string | null;
  /** Authors whose models it serves; null for any. */
  authors: readonly string[] | null;
  fields: readonly VendorField[];
  /** Names of fields, of which one whole set must be there besides the required ones. */
  oneOf?: readonly (readonly string[])[];
  /** True where other programs use the same environment variables, so that a lonely one is no slip to warn of. */
  sharesVariables?: boolean;
}

export const vendors = {
  openai: {
    name: "OpenAI",
    slug: "openai",
    baseUrl: "https://api.openai.com/v1",
    keyPageUrl: "https://platform.openai.com/api-keys",
    authors: ["openai"],
    fields: [apiKeyField("OPENAI_API_KEY"), baseUrlField("OPENAI_BASE_URL")],
  },
  anthropic: {
    name: "Anthropic",
    slug: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    keyPageUrl: "https://platform.claude.com/settings/keys",
    authors: ["anthropic"],
    fields: [
      apiKeyField("ANTHROPIC_API_KEY", { example: "sk-ant-…" }),
      // Not ANTHROPIC_BASE_URL: that is where Claude Code, on the same machine, is told to find this gateway.
      baseUrlField("ANTHROPIC_API_URL"),
    ],
  },
  openrouter: {
    name: "OpenRouter",
    slug: "openrouter",
    baseUrl: "https://openrouter.ai/api/v1",
    keyPageUrl: "https://openrouter.ai/settings/keys",
    authors: null,
    fields: [apiKeyField("OPENROUTER_API_KEY", { example: "sk-or-…" }), baseUrlField("OPENROUTER_BASE_URL")],
  },
  groq: {
    name: "Groq",
    slug: "groq",
    baseUrl: "https://api.groq.com/openai/v1",
    keyPageUrl: "https://console.groq.com/keys",
    authors: ["meta-llama", "openai", "qwen", "moonshotai"],
    fields: [apiKeyField("GROQ_API_KEY", { example: "gsk_…" }), baseUrlField("GROQ_BASE_URL")],
  },
  mistral: {
    name: "Mistral",
    slug: "mistral",
    baseUrl: "https://api.mistral.ai/v1",
    keyPageUrl: "https://console.mistral.ai/api-keys",
    authors: ["mistralai"],
    fields: [apiKeyField("MISTRAL_API_KEY"), baseUrlField("MISTRAL_BASE_URL")],
  },
  xai: {
    name: "xAI",
    slug: "xai",
    baseUrl: "https://api.x.ai/v1",
    keyPageUrl: "https://console.x.ai",
    authors: ["x-ai"],
    fields: [apiKeyField("XAI_API_KEY", { example: "xai-…" }), baseUrlField("XAI_BASE_URL")],
  },
  deepseek: {
    name: "DeepSeek",
    slug: "deepseek",
    baseUrl: "https://api.deepseek.com/v1",
    keyPageUrl: "https://platform.deepseek.com/api_keys",
    authors: ["deepseek"],
    fields: [apiKeyField("DEEPSEEK_API_KEY"), baseUrlField("DEEPSEEK_BASE_URL")],
  },
  together: {
    name: "Together",
    slug: "together",
    baseUrl: "https://api.together.xyz/v1",
    keyPageUrl: "https://api.together.ai/settings/api-keys",
    authors: ["meta-llama", "deepseek", "qwen", "moonshotai"],
    fields: [apiKeyField("TOGETHER_API_KEY"), baseUrlField("TOGETHER_BASE_URL")],
  },
  fireworks: {
    name: "Fireworks",
    slug: "fireworks",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    keyPageUrl: "https://app.fireworks.ai/settings/users/api-keys",
    authors: ["meta-llama", "deepseek", "qwen", "moonshotai"],
    fields: [apiKeyField("FIREWORKS_API_KEY"), baseUrlField("FIREWORKS_BASE_URL")],
  },
  cerebras: {
    name: "Cerebras",
    slug: "cerebras",
    baseUrl: "https://api.cerebras.ai/v1",
    keyPageUrl: "https://cloud.cerebras.ai",
    authors: ["meta-llama", "openai", "qwen", "z-ai"],
    fields: [apiKeyField("CEREBRAS_API_KEY"), baseUrlField("CEREBRAS_BASE_URL")],
  },
  deepinfra: {
    name: "DeepInfra",
    slug: "deepinfra",
    baseUrl: "https://api.deepinfra.com/v1/openai",
    keyPageUrl: "https://deepinfra.com/dash/api_keys",
    authors: ["meta-llama", "deepseek", "qwen", "mistralai"],
    fields: [apiKeyField("DEEPINFRA_API_KEY"), baseUrlField("DEEPINFRA_BASE_URL")],
  },
  perplexity: {
    name: "Perplexity",
    slug: "perplexity",
    baseUrl: "https://api.perplexity.ai",
    keyPageUrl: "https://www.perplexity.ai/account/api/keys",
    authors: ["perplexity"],
    fields: [apiKeyField("PERPLEXITY_API_KEY"), baseUrlField("PERPLEXITY_BASE_URL")],
  },
  cohere: {
    name: "Cohere",
    slug: "cohere",
    baseUrl: "https://api.cohere.ai",
    keyPageUrl: "https://dashboard.cohere.com/api-keys",
    authors: ["cohere"],
    fields: [apiKeyField("COHERE_API_KEY"), baseUrlField("COHERE_BASE_URL")],
  },
  nvidia: {
    name: "NVIDIA",
    slug: "nvidia",
    baseUrl: "https://integrate.api.nvidia.com/v1",
    keyPageUrl: "https://build.nvidia.com/settings/api-keys",
    authors: ["nvidia", "meta-llama"],
    fields: [apiKeyField("NVIDIA_API_KEY"), baseUrlField("NVIDIA_BASE_URL")],
  },
  huggingface: {
    name: "Hugging Face",
    slug: "huggingface",
    baseUrl: "https://router.huggingface.co/v1",
    keyPageUrl: "https://huggingface.co/settings/tokens",
    authors: null,
    fields: [apiKeyField("HF_TOKEN", { example: "hf_…" }), baseUrlField("HF_BASE_URL")],
  },
  moonshot: {
    name: "Moonshot AI",
    slug: "moonshot",
    baseUrl: "https://api.moonshot.ai/v1",
    keyPageUrl: "https://platform.moonshot.ai/console/api-keys",
    authors: ["moonshotai"],
    fields: [apiKeyField("MOONSHOT_API_KEY"), baseUrlField("MOONSHOT_BASE_URL")],
  },
  zai: {
    name: "Z.ai",
    slug: "zai",
    baseUrl: "https://api.z.ai/api/paas/v4",
    keyPageUrl: "https://z.ai/manage-apikey/apikey-list",
    authors: ["z-ai"],
    fields: [apiKeyField("ZAI_API_KEY"), baseUrlField("ZAI_BASE_URL")],
  },
  alibaba: {
    name: "Alibaba Cloud",
    slug: "alibaba",
    baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    keyPageUrl: "https://modelstudio.console.alibabacloud.com",
    authors: ["qwen"],
    fields: [apiKeyField("DASHSCOPE_API_KEY"), baseUrlField("DASHSCOPE_BASE_URL")],
  },
  sambanova: {
    name: "SambaNova",
    slug: "sambanova",
    baseUrl: "https://api.sambanova.ai/v1",
    keyPageUrl: "https://cloud.sambanova.ai/apis",
    authors: ["meta-llama", "deepseek"],
    fields: [apiKeyField("SAMBANOVA_API_KEY"), baseUrlField("SAMBANOVA_BASE_URL")],
  },
  novita: {
    name: "Novita",
    slug: "novita",
    baseUrl: "https://api.novita.ai/openai/v1",
    keyPageUrl: "https://novita.ai/settings/key-management",
    authors: ["deepseek", "meta-llama", "qwen"],
    fields: [apiKeyField("NOVITA_API_KEY"), baseUrlField("NOVITA_BASE_URL")],
  },
  nebius: {
    name: "Nebius Token Factory",
    slug: "nebius",
    baseUrl: "https://api.tokenfactory.nebius.com/v1",
    keyPageUrl: "https://tokenfactory.nebius.com",
    authors: ["meta-llama", "deepseek", "qwen"],
    fields: [apiKeyField("NEBIUS_API_KEY"), baseUrlField("NEBIUS_BASE_URL")],
  },
  hyperbolic: {
    name: "Hyperbolic",
    slug: "hyperbolic",
    baseUrl: "https://api.hyperbolic.xyz/v1",
    keyPageUrl: "https://app.hyperbolic.ai/settings",
    authors: ["meta-llama", "deepseek", "qwen"],
    fields: [apiKeyField("HYPERBOLIC_API_KEY"), baseUrlField("HYPERBOLIC_BASE_URL")],
  },
  cloudflare: {
    name: "Cloudflare Workers AI",
    slug: "cloudflare",
    baseUrl: "https://api.cloudflare.com/client/v4/accounts/{accountId}/ai/v1",
    keyPageUrl: "https://dash.cloudflare.com/profile/api-tokens",
    authors: ["meta-llama", "qwen", "openai"],
    fields: [
      apiKeyField("CLOUDFLARE_API_TOKEN"),
      textField("accountId", {
        label: { en: "Account ID", id: "ID akun" },
        isRequired: true,
        variable: "CLOUDFLARE_ACCOUNT_ID",
        example: "0123456789abcdef0123456789abcdef",
        help: null,
      }),
      baseUrlField("CLOUDFLARE_BASE_URL"),
    ],
    sharesVariables: true,
  },
  "github-models": {
    name: "GitHub Models",
    slug: "github-models",
    baseUrl: "https://models.github.ai/inference",
    keyPageUrl: "https://github.com/settings/personal-access-tokens",
    authors: ["openai", "meta-llama", "mistralai"],
    fields: [apiKeyField("GITHUB_MODELS_TOKEN", { example: "github_pat_…" }), baseUrlField("GITHUB_MODELS_BASE_URL")],
  },
  minimax: {
    name: "MiniMax",
    slug: "minimax",
    baseUrl: "https://api.minimax.io/v1",
    keyPageUrl: "https://platform.minimax.io",
    authors: ["minimax"],
    fields: [apiKeyField("MINIMAX_API_KEY"), baseUrlField("MINIMAX_BASE_URL")],
  },
  voyage: {
    name: "Voyage AI",
    slug: "voyage",
    baseUrl: "https://api.voyageai.com/v1",
    keyPageUrl: "https://dashboard.voyageai.com",
    authors: ["voyageai"],
    fields: [apiKeyField("VOYAGE_API_KEY", { example: "pa-…" }), baseUrlField("VOYAGE_BASE_URL")],
  },
  jina: {
    name: "Jina AI",
    slug: "jina",
    baseUrl: "https://api.jina.ai/v1",
    keyPageUrl: "https://jina.ai/api-dashboard",
    authors: ["jina"],
    fields: [apiKeyField("JINA_API_KEY", { example: "jina_…" }), baseUrlField("JINA_BASE_URL")],
  },
  baseten: {
    name: "Baseten",
    slug: "baseten",
    baseUrl: "https://inference.baseten.co/v1",
    keyPageUrl: "https://app.baseten.co/settings/api_keys",
    authors: ["deepseek", "moonshotai", "z-ai"],
    fields: [apiKeyField("BASETEN_API_KEY"), baseUrlField("BASETEN_BASE_URL")],
  },
  ovhcloud: {
    name: "OVHcloud",
    slug: "ovhcloud",
    baseUrl: "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
    keyPageUrl: "https://endpoints.ai.cloud.ovh.net",
    authors: ["qwen", "meta-llama", "mistralai"],
    fields: [apiKeyField("OVHCLOUD_API_KEY"), baseUrlField("OVHCLOUD_BASE_URL")],
  },
  scaleway: {
    name: "Scaleway",
    slug: "scaleway",
    baseUrl: "https://api.scaleway.ai/v1",
    keyPageUrl: "https://console.scaleway.com/iam/api-keys",
    authors: ["qwen", "meta-llama", "mistralai"],
    fields: [apiKeyField("SCALEWAY_API_KEY"), baseUrlField("SCALEWAY_BASE_URL")],
  },
  vercel: {
    name: "Vercel AI Gateway",
    slug: "vercel",
    baseUrl: "https://ai-gateway.vercel.sh/v1",
    keyPageUrl: "https://vercel.com/docs/ai-gateway",
    authors: null,
    fields: [apiKeyField("AI_GATEWAY_API_KEY", { example: "vck_…" }), baseUrlField("AI_GATEWAY_BASE_URL")],
  },
  "google-ai-studio": {
    name: "Google AI Studio",
    slug: "google-ai-studio",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyPageUrl: "https://aistudio.google.com/apikey",
    authors: ["google"],
    fields: [
      apiKeyField("GEMINI_API_KEY", { example: "AIza…", sharedVariable: "GOOGLE_API_KEY" }),
      baseUrlField("GEMINI_BASE_URL"),
    ],
  },
  "google-vertex": googleVertex,
  "amazon-bedrock": amazonBedrock,
  azure: azureOpenAi,
  "openai-compatible": {
    name: "OpenAI-compatible server",
    slug: null,
    baseUrl: null,
    keyPageUrl: null,
    authors: [],
    fields: [baseUrlField(null, { isRequired: true }), apiKeyField(null, { isRequired: false })],
  },
} as const satisfies Record<string, Vendor>;

export type VendorType = keyof typeof vendors;

export const vendorTypes: readonly VendorType[] = Object.keys(vendors).filter(isVendorType);

export function isVendorType(text: string): text is VendorType {
  return Object.hasOwn(vendors, text);
}

export function vendorOf(type: VendorType): Vendor {
  return vendors[type];
}

/** Where a vendor answers with these values: the operator's own address, or the vendor's; null when neither is known. */
export function baseUrlOf(vendor: Vendor, values: FieldValues): string | null {
  const { baseUrl, elsewhere } = vendor;
  const place = elsewhere && values[elsewhere.field];
  if (values[BASE_URL_FIELD] !== undefined) return values[BASE_URL_FIELD];
  if (elsewhere && place !== undefined && Object.hasOwn(elsewhere.addresses, place)) {
    return elsewhere.addresses[place] ?? null;
  }
  return baseUrl === null ? null : filledAddress(baseUrl, values);
}

/**
 * The fields that must be there and are not. Of several sets that would do, the one that was begun is missed, else the
 * first.
 */
export function missingFields(vendor: Vendor, isThere: (field: VendorField) => boolean): VendorField[] {
  const { fields, oneOf = [] } = vendor;
  const lacks = (names: readonly string[]) => fields.filter((field) => names.includes(field.name) && !isThere(field));
  const missing = fields.filter((field) => field.isRequired && !isThere(field));
  const sets = oneOf.map((names) => ({ names, lacking: lacks(names) }));
  if (sets.length === 0 || sets.some(({ lacking }) => lacking.length === 0)) return missing;
  const begun = sets.find(({ names, lacking }) => lacking.length < names.length) ?? sets[0];
  return [...missing, ...(begun?.lacking ?? [])];
}

/** The vendors that could serve a model of `author`: their names, and the variable that connects the first. */
export function howToConnect(author: string): { providers: string; variable: string } {
  const serving = vendorTypes.flatMap((type) => {
    const { authors, name, fields } = vendorOf(type);
    const variable = fields.find((field) => field.isRequired && field.variable !== null)?.variable;
    const serves = authors === null || authors.includes(author);
    return serves && typeof variable === "string" ? [{ name, variable }] : [];
  });
  const names = serving.map(({ name, variable }) => `${name} (${variable})`);
  return { providers: names.join(", "), variable: serving[0]?.variable ?? "" };
}
