/** What the operator says of models in the file: names, prices, aliases; it counts more than every other source. */
import { z } from "zod";
import type { ModelOverride } from "../catalog/overrides.ts";
import { QUANTIZATIONS } from "../catalog/quantizations.ts";
import type { Gathered } from "./gather.ts";
import { filePriceSchema, priceOf } from "./model-price.ts";
import type { Problem } from "./problem.ts";
import { fileTimeoutsSchema, TIMEOUTS_FIX, timeoutsOf } from "./timeouts.ts";
import { oneOf, switchValue, texts, textValue, wholeNumber } from "./values.ts";

const tokens = wholeNumber({ minimum: 1, maximum: 1_000_000_000 });
const MODALITIES = [
  "text",
  "image",
  "file",
  "audio",
  "video",
  "embeddings",
  "rerank",
  "speech",
  "transcription",
] as const;
const modalities = texts.pipe(z.array(z.enum(MODALITIES)).min(1, "name at least one"));

export const fileModelSchema = z.strictObject({
  id: textValue.refine((id) => /^[^\s/]+\/\S+$/.test(id), "write it like author/model"),
  provider: textValue.optional(),
  name: textValue.optional(),
  description: textValue.optional(),
  contextLength: tokens.optional(),
  maxCompletionTokens: tokens.optional(),
  inputModalities: modalities.optional(),
  outputModalities: modalities.optional(),
  supportedParameters: texts.optional(),
  price: filePriceSchema.optional(),
  aliases: texts.optional(),
  hidden: switchValue.optional(),
  quantization: oneOf(QUANTIZATIONS).optional(),
  tag: textValue
    .refine((tag) => /^[a-z0-9][a-z0-9.-]{0,62}$/.test(tag), "write small letters, digits and dashes")
    .optional(),
  serviceTier: oneOf(["priority", "flex"]).optional(),
  dataCollection: switchValue.optional(),
  zeroDataRetention: switchValue.optional(),
  regions: texts.pipe(z.array(z.enum(["eu", "us"]))).optional(),
  categories: texts.optional(),
  distillable: switchValue.optional(),
  timeouts: fileTimeoutsSchema.optional(),
});
export type FileModel = z.output<typeof fileModelSchema>;

export const MODEL_EXAMPLE = "Write it like `- { id: openai/gpt-4o, aliases: [house-model] }`.";
export const modelFixes: ReadonlyMap<string, string> = new Map([
  ["id", "Write it like `id: openai/gpt-4o`."],
  ["price", "Write dollars per million tokens, like `price: { prompt: 2.5, completion: 10 }`."],
  ["hidden", "Write on or off."],
  ["timeouts", TIMEOUTS_FIX],
  ["aliases", "Write it like `aliases: [house-model]`."],
  ["quantization", `Write one of ${QUANTIZATIONS.join(", ")}.`],
  ["tag", "Write what stands behind the provider's slug, like `tag: turbo`."],
  ["serviceTier", "Write priority or flex."],
  ["dataCollection", "Write on or off."],
  ["zeroDataRetention", "Write on or off."],
  ["inputModalities", `Write some of ${MODALITIES.slice(0, 5).join(", ")}.`],
  ["outputModalities", `Write some of ${MODALITIES.join(", ")}.`],
]);

/** The overrides of well-formed entries, by their place in the list. Problems go to `gathered.problems`. */
export function readModels(gathered: Gathered, entries: ReadonlyMap<number, FileModel>): ModelOverride[] {
  const owners = new Map<string, string>();
  for (const [index, entry] of entries) {
    const where = (field: string) => gathered.whereInFile(["models", index, field]);
    if (entry.provider !== undefined && (entry.aliases !== undefined || entry.hidden !== undefined)) {
      gathered.problems.push({
        where: where("provider"),
        what: "aliases and hidden are about a model, whoever serves it",
        fix: "Write them in an entry of their own, without provider.",
      });
    }
    for (const alias of entry.aliases ?? []) {
      const problem = aliasProblem(alias, entry.id, owners.get(alias.toLowerCase()));
      if (problem !== undefined) gathered.problems.push({ where: where("aliases"), ...problem });
      owners.set(alias.toLowerCase(), entry.id);
    }
  }
  return [...entries.values()].map(overrideOf);
}

function aliasProblem(alias: string, id: string, owner: string | undefined): Omit<Problem, "where"> | undefined {
  if (alias.toLowerCase() === id.toLowerCase()) {
    return { what: `${alias} is the model's own id`, fix: "Take it away: the id needs no alias." };
  }
  if (owner !== undefined) {
    return { what: `${alias} is already an alias of ${owner}`, fix: "Let each alias mean one model." };
  }
  return undefined;
}

function overrideOf({ price, hidden, distillable, provider, timeouts, ...rest }: FileModel): ModelOverride {
  return {
    ...rest,
    provider: provider ?? null,
    ...(price === undefined ? {} : { price: priceOf(price) }),
    ...(timeouts === undefined ? {} : { timeouts: timeoutsOf(timeouts) }),
    ...(hidden === undefined ? {} : { isHidden: hidden }),
    ...(distillable === undefined ? {} : { isDistillable: distillable }),
  };
}
