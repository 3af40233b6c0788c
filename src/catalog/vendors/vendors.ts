/**
 * The vendors as data: who they are, where they answer, what has to be said to connect them. The configuration, the
 * dashboard's form and the documentation are made from this table; how each is spoken to is in its folder under
 * gateway/providers, and a vendor that stands here without an adapter there does not compile.
 */
import type { DataPolicy } from "../catalog.ts";
import { amazonBedrock, azureOpenAi, googleVertex } from "./clouds.ts";
import { compatibleVendors } from "./compatible.ts";
import {
  apiKeyField,
  BASE_URL_FIELD,
  baseUrlField,
  type FieldValues,
  filledAddress,
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
  /** The slugs by which OpenRouter's clients name it, where they are others. */
  otherSlugs?: readonly string[];
  /** What its published terms say of its paid API; missing where they leave a doubt. */
  dataPolicy?: DataPolicy;
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
    dataPolicy: { dataCollection: false },
    fields: [apiKeyField("OPENAI_API_KEY"), baseUrlField("OPENAI_BASE_URL")],
  },
  anthropic: {
    name: "Anthropic",
    slug: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    keyPageUrl: "https://platform.claude.com/settings/keys",
    authors: ["anthropic"],
    dataPolicy: { dataCollection: false },
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
  ...compatibleVendors,
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
