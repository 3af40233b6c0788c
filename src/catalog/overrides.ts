/** What the operator says of a model: it counts more than every other source. */
import type { AnswerTimeouts } from "../kernel/timeouts.ts";
import type { OfferedModel } from "./catalog.ts";
import type { Price } from "./price.ts";

export interface ModelOverride {
  /** `author/slug` of the model it is about. */
  id: string;
  /** Only what this provider offers, by its slug; null means whoever serves the model. */
  provider: string | null;
  name?: string | undefined;
  description?: string | undefined;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  inputModalities?: readonly string[] | undefined;
  outputModalities?: readonly string[] | undefined;
  supportedParameters?: readonly string[] | undefined;
  price?: Price | undefined;
  quantization?: string | undefined;
  tag?: string | undefined;
  serviceTier?: string | undefined;
  dataCollection?: boolean | undefined;
  zeroDataRetention?: boolean | undefined;
  regions?: readonly string[] | undefined;
  categories?: readonly string[] | undefined;
  isDistillable?: boolean | undefined;
  timeouts?: Partial<AnswerTimeouts> | undefined;
  /** Further names by which clients may call it. */
  aliases?: readonly string[] | undefined;
  /** Kept off every list; who knows its name can still call it. */
  isHidden?: boolean | undefined;
}

export class Overrides {
  readonly #byId = new Map<string, ModelOverride[]>();
  readonly #aliases = new Map<string, string>();

  constructor(overrides: readonly ModelOverride[]) {
    for (const override of overrides) {
      const key = override.id.toLowerCase();
      this.#byId.set(key, [...(this.#byId.get(key) ?? []), override]);
      for (const alias of override.aliases ?? []) this.#aliases.set(alias.toLowerCase(), override.id);
    }
    // What is said of one provider comes after, and so counts more than, what is said of all.
    for (const list of this.#byId.values())
      list.sort((a, b) => Number(a.provider !== null) - Number(b.provider !== null));
  }

  /** The id that an alias means. */
  aliasTarget(modelName: string): string | undefined {
    return this.#aliases.get(modelName.toLowerCase());
  }

  isHidden(id: string): boolean {
    return this.#byId.get(id.toLowerCase())?.some((override) => override.isHidden) ?? false;
  }

  /** The model as the operator wants it seen and charged. */
  applied(model: OfferedModel, provider: string): OfferedModel {
    const about = this.#byId
      .get(model.id.toLowerCase())
      ?.filter((override) => (override.provider ?? provider) === provider);
    return (about ?? []).reduce(withOverride, model);
  }
}

function withOverride(model: OfferedModel, override: ModelOverride): OfferedModel {
  const { id: _, provider: __, aliases: ___, isHidden: ____, ...said } = override;
  const fields = Object.entries(said).filter(([, value]) => value !== undefined);
  // Whose parameters the operator has listed is no model any more of which only the name is certain.
  const isPlain = said.supportedParameters === undefined ? model.isPlain : false;
  return { ...model, ...Object.fromEntries(fields), ...(isPlain === undefined ? {} : { isPlain }) };
}
