/** The registry: one line per vendor of the catalogue's table. Everything else about it is in its own folder. */
import type { VendorType } from "../../catalog/vendors/vendors.ts";
import { alibabaProvider } from "./alibaba/alibaba.ts";
import { anthropicProvider } from "./anthropic/anthropic.ts";
import { azureProvider } from "./azure/azure.ts";
import { basetenProvider } from "./baseten/baseten.ts";
import { bedrockProvider } from "./bedrock/bedrock.ts";
import { cerebrasProvider } from "./cerebras/cerebras.ts";
import { cloudflareProvider } from "./cloudflare/cloudflare.ts";
import { cohereProvider } from "./cohere/cohere.ts";
import { deepinfraProvider } from "./deepinfra/deepinfra.ts";
import { deepseekProvider } from "./deepseek/deepseek.ts";
import { fireworksProvider } from "./fireworks/fireworks.ts";
import { githubModelsProvider } from "./github-models/github-models.ts";
import { googleAiStudioProvider } from "./google-ai-studio/google-ai-studio.ts";
import { googleVertexProvider } from "./google-vertex/google-vertex.ts";
import { groqProvider } from "./groq/groq.ts";
import type { HttpProvider, ProviderIdentity } from "./http-provider.ts";
import { huggingfaceProvider } from "./huggingface/huggingface.ts";
import { hyperbolicProvider } from "./hyperbolic/hyperbolic.ts";
import { jinaProvider } from "./jina/jina.ts";
import { minimaxProvider } from "./minimax/minimax.ts";
import { mistralProvider } from "./mistral/mistral.ts";
import { moonshotProvider } from "./moonshot/moonshot.ts";
import { nebiusProvider } from "./nebius/nebius.ts";
import { novitaProvider } from "./novita/novita.ts";
import { nvidiaProvider } from "./nvidia/nvidia.ts";
import { openaiProvider } from "./openai/openai.ts";
import { genericProvider } from "./openai-compatible/generic.ts";
import { openrouterProvider } from "./openrouter/openrouter.ts";
import { ovhcloudProvider } from "./ovhcloud/ovhcloud.ts";
import { perplexityProvider } from "./perplexity/perplexity.ts";
import { sambanovaProvider } from "./sambanova/sambanova.ts";
import { scalewayProvider } from "./scaleway/scaleway.ts";
import { togetherProvider } from "./together/together.ts";
import { vercelProvider } from "./vercel/vercel.ts";
import { voyageProvider } from "./voyage/voyage.ts";
import { xaiProvider } from "./xai/xai.ts";
import { zaiProvider } from "./zai/zai.ts";

/** A provider of each vendor, from what the operator said about it. */
export const createProvider: Readonly<Record<VendorType, (identity: ProviderIdentity) => HttpProvider>> = {
  openai: openaiProvider,
  anthropic: anthropicProvider,
  openrouter: openrouterProvider,
  groq: groqProvider,
  mistral: mistralProvider,
  xai: xaiProvider,
  deepseek: deepseekProvider,
  together: togetherProvider,
  fireworks: fireworksProvider,
  cerebras: cerebrasProvider,
  deepinfra: deepinfraProvider,
  perplexity: perplexityProvider,
  cohere: cohereProvider,
  nvidia: nvidiaProvider,
  huggingface: huggingfaceProvider,
  moonshot: moonshotProvider,
  zai: zaiProvider,
  alibaba: alibabaProvider,
  sambanova: sambanovaProvider,
  novita: novitaProvider,
  nebius: nebiusProvider,
  hyperbolic: hyperbolicProvider,
  cloudflare: cloudflareProvider,
  "github-models": githubModelsProvider,
  minimax: minimaxProvider,
  voyage: voyageProvider,
  jina: jinaProvider,
  baseten: basetenProvider,
  ovhcloud: ovhcloudProvider,
  scaleway: scalewayProvider,
  vercel: vercelProvider,
  "google-ai-studio": googleAiStudioProvider,
  "google-vertex": googleVertexProvider,
  "amazon-bedrock": bedrockProvider,
  azure: azureProvider,
  "openai-compatible": genericProvider,
};
