/** The registry: one line per vendor of the catalogue's table. Everything else about it is in its own folder. */
import type { VendorType } from "../../catalog/vendors/vendors.ts";
import { deepseekProvider } from "./deepseek/deepseek.ts";
import { groqProvider } from "./groq/groq.ts";
import type { HttpProvider, ProviderIdentity } from "./http-provider.ts";
import { mistralProvider } from "./mistral/mistral.ts";
import { openaiProvider } from "./openai/openai.ts";
import { genericProvider } from "./openai-compatible/generic.ts";
import { openrouterProvider } from "./openrouter/openrouter.ts";
import { xaiProvider } from "./xai/xai.ts";

/** A provider of each vendor, from what the operator said about it. */
export const createProvider: Readonly<Record<VendorType, (identity: ProviderIdentity) => HttpProvider>> = {
  openai: openaiProvider,
  openrouter: openrouterProvider,
  groq: groqProvider,
  mistral: mistralProvider,
  xai: xaiProvider,
  deepseek: deepseekProvider,
  "openai-compatible": genericProvider,
};
