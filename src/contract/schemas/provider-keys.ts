import { z } from "zod";
import { LOCALES } from "../../kernel/locale.ts";
import { PROVIDER_TURN } from "../../kernel/provider-turn.ts";
import { timeMs } from "./common.ts";

const noControls = (schema: z.ZodString) => schema.regex(/^\P{Cc}*$/u, "must not contain control characters");
const bilingual = z.record(z.enum(LOCALES), z.string());

export const vendorFieldSchema = z.object({
  name: z.string(),
  label: bilingual,
  /** text and url are shown again; secret and document (a JSON key file) never. */
  kind: z.enum(["text", "url", "secret", "document"]),
  required: z.boolean(),
  example: z.string(),
  help: bilingual.nullable(),
});
export type VendorFieldView = z.infer<typeof vendorFieldSchema>;

export const vendorSchema = z.object({
  type: z.string(),
  name: z.string(),
  /** The slug it gets unless another is chosen; null where one must be. */
  slug: z.string().nullable(),
  baseUrl: z.string().nullable(),
  keyPageUrl: z.string().nullable(),
  fields: z.array(vendorFieldSchema),
});
export type VendorView = z.infer<typeof vendorSchema>;
export const vendorListSchema = z.object({ vendors: z.array(vendorSchema) });

export const providerKeySchema = z.object({
  id: z.string(),
  type: z.string(),
  slug: z.string(),
  name: z.string(),
  baseUrl: z.string(),
  /** The masked key, for example `sk-…abcd`; empty where there is none. */
  label: z.string(),
  /** The fields that are no secrets. */
  fields: z.record(z.string(), z.string()),
  /** Null means that the provider is asked. */
  models: z.array(z.string()).nullable(),
  /** Its share of the requests beside others of the same priority; 1 leaves that to the prices. */
  weight: z.number().int(),
  /** Lower is asked first. */
  priority: z.number().int(),
  disabled: z.boolean(),
  createdAt: timeMs,
  updatedAt: timeMs,
});
export type ProviderKeyView = z.infer<typeof providerKeySchema>;
export const providerKeyListSchema = z.object({ keys: z.array(providerKeySchema) });

/** Texts by the names of the vendor's fields. What they may hold, the vendor's fields say. */
const fields = z.record(z.string().max(64), z.string().trim().max(16_384));
const name = noControls(z.string().trim().min(1).max(60));
const models = z
  .array(noControls(z.string().trim().min(1).max(256)))
  .max(500)
  .transform((names) => [...new Set(names)]);

const within = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most);
const weight = within(PROVIDER_TURN.weight);
const priority = within(PROVIDER_TURN.priority);

export const createProviderKeyBody = z.strictObject({
  type: z.string().max(64),
  slug: z.string().max(64).optional(),
  name: name.optional(),
  fields,
  models: models.optional(),
  weight: weight.optional(),
  priority: priority.optional(),
});
/** Only what is named changes. A field with an empty text is taken away. */
export const updateProviderKeyBody = z
  .strictObject({ name, fields, models: models.nullable(), weight, priority, disabled: z.boolean() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "name something to change");
/** With `id` the stored provider is tested, with the typed fields in the place of its own. */
export const testProviderKeyBody = z.union([
  z.strictObject({ type: z.string().max(64), slug: z.string().max(64).optional(), fields }),
  z.strictObject({ id: z.string().min(1).max(64), fields: fields.optional() }),
]);

export const testResultSchema = z.object({
  /**
   * forbidden: the address guard does not let the gateway go there. unknown: this vendor has no list of models, so
   * only a call can tell.
   */
  result: z.enum(["works", "refused", "forbidden", "unreachable", "unknown"]),
  /** How many models it offers. */
  models: z.number().int().nullable(),
  /** What is wrong, in a sentence. */
  note: z.string().nullable(),
});
export type TestResult = z.infer<typeof testResultSchema>;
export const deletedProviderKeySchema = z.object({ deleted: z.literal(true) });
