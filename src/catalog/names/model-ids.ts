/**
 * One model has one id, whoever serves it: what a provider calls "llama-3.3-70b-versatile" is
 * "meta-llama/llama-3.3-70b-instruct". Ids are those that OpenRouter uses; a provider's name is compared with them by
 * its letters and digits alone, first as it is and then without what says how it is served. Two models of one provider
 * never get the same id: the closer name wins, the other one stays under the provider's own name.
 */

/** Providers that make models themselves, and what stands before the slash of those. */
export const AUTHOR_OF_PROVIDER: Readonly<Record<string, string>> = {
  anthropic: "anthropic",
  arcee: "arcee-ai",
  cohere: "cohere",
  deepseek: "deepseek",
  google: "google",
  minimax: "minimax",
  mistral: "mistralai",
  moonshotai: "moonshotai",
  openai: "openai",
  perplexity: "perplexity",
  voyageai: "voyageai",
  "x-ai": "x-ai",
  zai: "z-ai",
  zhipuai: "z-ai",
};

/** Organisations as other places spell them. */
const AUTHOR_SPELLINGS: Record<string, string> = {
  "deepseek-ai": "deepseek",
  "zai-org": "z-ai",
  thudm: "z-ai",
  minimaxai: "minimax",
  xai: "x-ai",
  meta: "meta-llama",
  mistral: "mistralai",
};

/** How it is served, not which model it is. */
const SERVING =
  /[-_](?:versatile|instant|turbo|maas|tput|latest|preview|fp8|fp4|nvfp4|bf16|int4|int8|awq|gptq|ultra|basic|lite-serving)$/;
export const DATE = /[-_@](?:20\d{6}|20\d{2}-\d{2}-\d{2})(?=$|[-_:])/;
const REVISION = /[-_]v\d+(?::\d+)?$|:0$/;
const KIND = /[-_](?:instruct|it|chat|hf)$/;
/** Bedrock puts a region and the maker before the name. */
const PLACE =
  /^(?:(?:us|eu|apac|global|regional)\.)?(?:anthropic|meta|amazon|mistral|cohere|ai21|deepseek|qwen|openai|google)\./;

/** The same model in another place of the same provider. */
const PLACED = /^(?:us|eu|apac|regional)\./;

/** From the letters and digits of a name to its id: exact, without how it is served, without how it was taught. */
type Index = readonly [Map<string, string>, Map<string, string>, Map<string, string>];

export class ModelIds {
  readonly #agreed: Index;
  readonly #makers: Index;

  /** `agreed` are the names that everybody uses, `makers` those of the models' makers, which count less. */
  constructor(agreed: readonly string[], makers: readonly string[]) {
    this.#agreed = indexOf(agreed.map(spelled));
    this.#makers = indexOf(makers);
  }

  /** An id for each of a provider's models, in their order; no id comes twice. The first name of each is its own. */
  assign(provider: string, models: readonly (readonly [string, ...string[]])[]): string[] {
    const steps = [
      { map: this.#agreed[0], level: 0 },
      { map: this.#agreed[1], level: 1 },
      { map: this.#makers[0], level: 0 },
      { map: this.#agreed[2], level: 2 },
      { map: this.#makers[2], level: 2 },
    ];
    const taken = new Set<string>();
    const found = new Map<number, string>();
    for (const { map, level } of steps) {
      for (const [index, names] of models.entries()) {
        if (found.has(index)) continue;
        const ids = names.map((name) => map.get(keyOf(name, level)));
        const isFree = (id: string) => !taken.has(id) || PLACED.test(names[0]);
        const id = ids.find((candidate) => candidate !== undefined && isFree(candidate));
        if (id === undefined) continue;
        found.set(index, id);
        taken.add(id);
      }
    }
    return models.map(([name], index) => found.get(index) ?? ownId(provider, name));
  }
}

function indexOf(ids: readonly string[]): Index {
  const index: Index = [new Map(), new Map(), new Map()];
  for (const id of ids) {
    for (const [level, map] of index.entries()) {
      const key = keyOf(id, level);
      const present = map.get(key);
      // Of a base model and the one that was taught to answer, a plain name means the latter.
      if (present === undefined || (KIND.test(id) && !KIND.test(present))) map.set(key, id);
    }
  }
  return index;
}

function spelled(id: string): string {
  const slash = id.indexOf("/");
  const author = id.slice(0, slash);
  return `${AUTHOR_SPELLINGS[author] ?? author}${id.slice(slash)}`;
}

function keyOf(name: string, level: number): string {
  let bare = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  bare = bare.replace(PLACE, "").replace(/(\d)p(\d)/g, "$1.$2");
  if (level > 0) {
    bare = bare
      .replace(/^meta-/, "")
      .replace(DATE, "")
      .replace(REVISION, "");
    while (SERVING.test(bare) || (level > 1 && KIND.test(bare))) bare = bare.replace(SERVING, "").replace(KIND, "");
  }
  return bare.replaceAll(/[^a-z0-9:]/g, "");
}

/** The id of a model that is nobody else's. */
export function ownId(provider: string, name: string): string {
  const lower = name.toLowerCase().replace(/^@cf\//, "");
  const slash = lower.lastIndexOf("/");
  if (slash < 0) return `${AUTHOR_OF_PROVIDER[provider] ?? provider}/${lower}`;
  const organisation = lower.slice(lower.lastIndexOf("/", slash - 1) + 1, slash);
  return `${AUTHOR_SPELLINGS[organisation] ?? organisation}/${lower.slice(slash + 1)}`;
}
