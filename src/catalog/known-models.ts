/** Models known by name before any provider is asked: names, context and prices from the bundled price book. */
import { asChecked } from "../kernel/json.ts";
import { priceOf } from "./book/book-price.ts";
import { type BookModel, type PriceBook, ruleMatches, spelledNames } from "./book/price-book.ts";
import { traitsOf } from "./book/traits.ts";
import { AUTHOR_OF_PROVIDER, DATE } from "./names/model-ids.ts";
import type { Price } from "./price.ts";
import bundled from "./snapshot/prices.json" with { type: "json" };

export interface KnownModel {
  /** `author/slug`. */
  id: string;
  /** The name with the day of its making, which never comes to mean another model; the id where nobody knows one. */
  canonicalSlug: string;
  /** The provider's own name for it. */
  upstreamModel: string;
  name: string;
  description: string;
  contextLength: number | null;
  maxCompletionTokens: number | null;
  inputModalities: readonly string[];
  outputModalities: readonly string[];
  supportedParameters: readonly string[];
  price: Price | null;
}

/** What people type for a model, and the models that are meant. */
const NICKNAMES: Readonly<Record<string, string>> = {
  "gpt-3.5": "openai/gpt-3.5-turbo",
  "gpt3.5": "openai/gpt-3.5-turbo",
  "gpt-35": "openai/gpt-3.5-turbo",
  chatgpt: "openai/gpt-4o",
  "gpt-4-o": "openai/gpt-4o",
  gpt4o: "openai/gpt-4o",
  gpt4: "openai/gpt-4",
};

/** Slugs that Gapura's providers have, where the book calls them otherwise. */
const BOOK_SLUGS: Readonly<Record<string, string>> = {
  bedrock: "aws",
  "amazon-bedrock": "aws",
  "azure-openai": "azure",
  "google-ai-studio": "google",
  "google-vertex": "google",
  vertex: "google",
  gemini: "google",
  mistralai: "mistral",
  moonshot: "moonshotai",
  xai: "x-ai",
  "z-ai": "zai",
  voyage: "voyageai",
};

/** An entry of the book; its model is made when somebody asks for it, since most are never asked for. */
class Entry {
  readonly book: BookModel;
  readonly #origin: Origin;
  #model: KnownModel | undefined;

  constructor(book: BookModel, origin: Origin) {
    this.book = book;
    this.#origin = origin;
  }

  get model(): KnownModel {
    this.#model ??= knownModelOf(this.book, this.#origin);
    return this.#model;
  }
}

/** One price book made ready for questions: by provider and by name. */
export class KnownModels {
  readonly version: string;
  readonly #byProvider = new Map<string, Entry[]>();
  /** By provider and the provider's own name in lower case. */
  readonly #byOwnName = new Map<string, Entry>();
  /** Ids and spelled-out names of everybody; the makers of models come before those who serve them. */
  readonly #byName = new Map<string, Entry>();

  constructor(book: PriceBook) {
    this.version = book.version;
    const dated = datedNames(book);
    for (const provider of book.providers) {
      const entries = provider.models.map((model) => {
        const canonicalSlug = dated.get(model.id) ?? model.id;
        return new Entry(model, { provider: provider.slug, version: book.version, canonicalSlug });
      });
      this.#byProvider.set(provider.slug, entries);
      for (const entry of entries) this.#byOwnName.set(`${provider.slug} ${entry.book.model.toLowerCase()}`, entry);
    }
    // The naming provider's entries come last: it serves everybody's models, at prices of its own.
    const ordered = [...this.#byProvider].sort(([a], [b]) => Number(a === "openrouter") - Number(b === "openrouter"));
    for (const byMaker of [true, false]) {
      for (const [slug, entries] of ordered) {
        for (const entry of entries) {
          if (entry.book.id.startsWith(`${authorOf(slug)}/`) === byMaker) this.#addNames(entry);
        }
      }
    }
  }

  #addNames(entry: Entry): void {
    const { id } = entry.book;
    const slash = id.indexOf("/");
    const meant = this.#byName.get(id.toLowerCase()) ?? entry;
    for (const name of [id, id.slice(slash + 1), entry.book.model, ...ownNames(entry.book)]) {
      const lower = name.toLowerCase();
      for (const key of lower.includes("/") ? [lower] : [lower, id.slice(0, slash + 1) + lower]) {
        if (!key.startsWith("~") && !this.#byName.has(key)) this.#byName.set(key, meant);
      }
    }
  }

  /** The model that a name means: id, dated id, a provider's name or nickname. */
  find(name: string): KnownModel | undefined {
    const lower = name.toLowerCase();
    return (this.#byName.get(NICKNAMES[lower] ?? lower) ?? this.#undated(lower))?.model;
  }

  /** Makers date their models ("claude-sonnet-4-5-20250929"), each in its own way; everybody else seldom does. */
  #undated(lower: string): Entry | undefined {
    const bare = lower.replace(DATE, "").replace(/-latest$/, "");
    return bare === lower ? undefined : this.#byName.get(bare);
  }

  /** Every model that a provider is known to serve, under the provider's own names. */
  ofProvider(slug: string): KnownModel[] {
    return this.#entriesOf(slug).map(({ model }) => model);
  }

  /** What is known of a provider's model by the provider's own name for it, dated or not. */
  ofProviderNamed(slug: string, upstreamModel: string): KnownModel | undefined {
    const lower = upstreamModel.toLowerCase();
    const exact = this.#byOwnName.get(`${bookSlugOf(slug)} ${lower}`);
    const means = ({ book }: Entry) => book.rule !== undefined && ruleMatches(book.rule, lower);
    return (exact ?? this.#entriesOf(slug).find(means))?.model;
  }

  #entriesOf(slug: string): readonly Entry[] {
    return this.#byProvider.get(bookSlugOf(slug)) ?? [];
  }

  /** The ids of every model that has a name. */
  ids(): string[] {
    return [...new Set([...this.#byName.values()].map(({ book }) => book.id))];
  }
}

function bookSlugOf(slug: string): string {
  return BOOK_SLUGS[slug] ?? slug;
}

/**
 * The names of a rule that are the model's own, dated or not. A rule is about prices, so that it may also name other models
 * which cost the same; who asks for one of those must not be answered by this one.
 */
function ownNames({ model, rule }: BookModel): string[] {
  const own = wordsOf(model);
  return spelledNames(rule).filter((name) => wordsOf(name) === own);
}

/** When it was made, and that it is the newest: not which model it is. */
const EDITION = /(?:[-_@](?:20\d{6}|20\d{2}-\d{2}-\d{2}|\d{2}-\d{2}|\d{4})|[-_](?:latest|preview))+$/;

/** The words and numbers of a name in no order: makers put them in several. */
function wordsOf(name: string): string {
  const words =
    name
      .toLowerCase()
      .replace(EDITION, "")
      .match(/[a-z]+|\d+/g) ?? [];
  return words.sort().join(" ");
}

function authorOf(bookSlug: string): string {
  return AUTHOR_OF_PROVIDER[bookSlug] ?? bookSlug;
}

interface Origin {
  provider: string;
  version: string;
  canonicalSlug: string;
}

function knownModelOf(entry: BookModel, { provider, version, canonicalSlug }: Origin): KnownModel {
  return {
    id: entry.id,
    canonicalSlug,
    upstreamModel: entry.model,
    name: entry.name ?? entry.model.slice(entry.model.lastIndexOf("/") + 1),
    description: entry.description ?? "",
    contextLength: entry.context ?? null,
    maxCompletionTokens: null,
    ...traitsOf(entry, provider),
    price: entry.price === undefined ? null : priceOf(entry.price, version),
  };
}

/** The one dated name that each id has in the book; an id with several dates, or none, is not there. */
function datedNames(book: PriceBook): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { id, model, rule } of book.providers.flatMap(({ models }) => models)) {
    const author = id.slice(0, id.indexOf("/") + 1);
    for (const name of [model, ...spelledNames(rule)].map((one) => one.toLowerCase())) {
      if (!DATE.test(name) || name.includes(":") || !name.startsWith(author)) continue;
      found.set(id, (found.get(id) ?? new Set()).add(name));
    }
  }
  return new Map([...found].flatMap(([id, [name, ...others]]) => (name && sameDate(name, others) ? [[id, name]] : [])));
}

function sameDate(name: string, others: readonly string[]): boolean {
  const date = DATE.exec(name)?.[0];
  return others.every((other) => DATE.exec(other)?.[0] === date);
}

let ofThisProgram: KnownModels | undefined;

/** The bundled book; made ready when somebody first asks. */
export function bundledModels(): KnownModels {
  // The file is written by tools/build-price-snapshot.ts through the book's schema, and a test reads it with that.
  ofThisProgram ??= new KnownModels(asChecked<PriceBook>(bundled));
  return ofThisProgram;
}

/** The model that a name means, whether or not anybody connected serves it: id, dated id, bare name or nickname. */
export function knownModel(name: string): KnownModel | undefined {
  return bundledModels().find(name);
}

/**
 * Every model that a provider (by its slug: "groq", "bedrock") is known to serve, under the provider's own names and at
 * its own prices; empty for a provider that the book does not have.
 */
export function knownModelsOfProvider(providerSlug: string): KnownModel[] {
  return bundledModels().ofProvider(providerSlug);
}

/** What is known of a provider's model by the provider's own name for it, dated ("claude-sonnet-4-5-20250929") or not. */
export function knownModelOfProvider(providerSlug: string, upstreamModel: string): KnownModel | undefined {
  return bundledModels().ofProviderNamed(providerSlug, upstreamModel);
}
