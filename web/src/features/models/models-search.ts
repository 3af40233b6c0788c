/** What the pages of models take from their address: everything that decides what is shown. */

export const MODEL_COLUMNS = [
  "context",
  "maxOutput",
  "input",
  "output",
  "cacheRead",
  "providers",
  "modalities",
  "abilities",
  "created",
] as const;
export type ModelColumn = (typeof MODEL_COLUMNS)[number];
export const USUAL_MODEL_COLUMNS: readonly ModelColumn[] = ["context", "input", "output", "providers", "abilities"];

export const MODEL_ORDERS = ["name", "context", "maxOutput", "input", "output", "cacheRead", "created"] as const;
export type ModelOrder = (typeof MODEL_ORDERS)[number];

/** What a model can do beside words, by the fields of requests that it understands. */
export const ABILITIES = ["tools", "structured", "reasoning", "images", "files", "audio"] as const;
export type Ability = (typeof ABILITIES)[number];

/** The least context, in tokens. */
export const CONTEXTS = ["32000", "128000", "200000", "1000000"] as const;
/** The most that a million prompt tokens cost, in dollars; nothing is free. */
export const PRICES = ["0", "0.5", "1", "3", "10"] as const;
/** What can be laid side by side. */
export const MOST_COMPARED = 4;

export interface ModelsSearch {
  q?: string | undefined;
  provider?: string | undefined;
  /** What it gives. */
  output?: string | undefined;
  context?: (typeof CONTEXTS)[number] | undefined;
  price?: (typeof PRICES)[number] | undefined;
  /** Names with commas between them. */
  can?: string | undefined;
  /** With a minus before it from the highest down. */
  sort?: string | undefined;
  columns?: string | undefined;
  /** Ids with commas between them. */
  compare?: string | undefined;
}

export function modelsSearch(search: Record<string, unknown>): ModelsSearch {
  const fitting = (name: string, pattern: RegExp) => {
    const value = search[name];
    return typeof value === "string" && pattern.test(value) ? value : undefined;
  };
  const isOrder = (text: string | undefined) => MODEL_ORDERS.some((order) => order === text?.replace(/^-/, ""));
  const sort = fitting("sort", /^-?\w+$/);
  return {
    q: fitting("q", /./),
    provider: fitting("provider", /^[\w./-]{1,64}$/),
    output: fitting("output", /^[a-z]{1,20}$/),
    context: CONTEXTS.find((value) => value === String(search.context)),
    price: PRICES.find((value) => value === String(search.price)),
    can: fitting("can", /^[\w,]+$/),
    sort: isOrder(sort) ? sort : undefined,
    columns: fitting("columns", /^[\w,]+$/),
    compare: fitting("compare", /^[^\s]{1,600}$/),
  };
}

/** The names of a list in an address that are known, in their own order. */
export function namesOf<Name extends string>(known: readonly Name[], text: string | undefined): Name[] {
  const named = text?.split(",") ?? [];
  return known.filter((name) => named.includes(name));
}

export function modelColumnsOf({ columns }: ModelsSearch): ModelColumn[] {
  return columns === undefined ? [...USUAL_MODEL_COLUMNS] : namesOf(MODEL_COLUMNS, columns);
}

/** How columns stand in the address; undefined for the usual ones. */
export function modelColumnsText(columns: readonly ModelColumn[]): string | undefined {
  const text = MODEL_COLUMNS.filter((name) => columns.includes(name)).join(",");
  return text === USUAL_MODEL_COLUMNS.join(",") ? undefined : text || "none";
}

export function comparedIds({ compare }: Pick<ModelsSearch, "compare">): string[] {
  return [...new Set(compare?.split(",").filter(Boolean))].slice(0, MOST_COMPARED);
}

export function compareText(ids: readonly string[]): string | undefined {
  return ids.length === 0 ? undefined : ids.join(",");
}

/** What narrows the catalogue down beside the search; undefined for each thing that does not. */
export function modelFiltersOf({ provider, output, context, price, can }: ModelsSearch) {
  return [provider, output, context, price, ...namesOf(ABILITIES, can)];
}

export function hasModelFilters(search: ModelsSearch): boolean {
  return [search.q, ...modelFiltersOf(search)].some((value) => value !== undefined);
}

/** Where the page of a model is: an id is an author, a slash and the rest. */
export function modelPath(id: string): { author: string; slug: string } {
  const cut = id.indexOf("/");
  return { author: id.slice(0, Math.max(0, cut)), slug: id.slice(cut + 1) };
}

export function compareSearch(search: Record<string, unknown>): Pick<ModelsSearch, "compare"> {
  return { compare: modelsSearch(search).compare };
}
