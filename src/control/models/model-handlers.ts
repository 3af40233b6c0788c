/**
 * The catalogue over HTTP: models with their filters, endpoints and providers. Nothing here waits for a provider; what
 * is not connected yet is simply not on the list.
 */
import type { Catalog, Endpoint, ListedModel } from "../../catalog/catalog.ts";
import type { Provider } from "../../contract/schemas/instance.ts";
import type { CatalogModel, CatalogModelPage, ListModelsQuery, ModelList } from "../../contract/schemas/models.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import { architectureView, type EndpointMeasures, endpointView, modelView } from "./model-view.ts";
import { FEED_TYPE, modelsFeed } from "./models-feed.ts";
import { keepsNothing, pageOf, type SelectionFacts, selectModels } from "./select-models.ts";

export interface ModelHandlerDeps {
  catalog: Catalog;
  clock: Clock;
  /** The configured address, without a trailing slash. */
  baseUrl: string;
  providers(): Provider[];
  measures(endpoint: Endpoint): EndpointMeasures;
  /** Whether somebody with a key or a session asks. */
  isKnown(request: Request, visitor: Visitor): Promise<boolean>;
  /** Tokens by model id over everybody, since a day counted from 1970-01-01 UTC. */
  tokensByModel(firstDay: number): Promise<ReadonlyMap<string, number>>;
}

type ModelOperations =
  | "listModels"
  | "countModels"
  | "listUserModels"
  | "getModel"
  | "listModelEndpoints"
  | "listEmbeddingModels"
  | "listPublicProviders"
  | "listZdrEndpoints"
  | "getCatalog"
  | "getCatalogModel";

const DAY_MS = 86_400_000;
/** How far back popularity looks, in days with the running one. */
const POPULAR_DAYS = { "most-popular": 30, "top-weekly": 7 } as const;

export function modelHandlers(deps: ModelHandlerDeps): Handlers<ModelOperations> {
  const { catalog } = deps;
  const everyKind: ListModelsQuery = { output_modalities: ["all"] };
  return {
    listModels: async ({ query, request }) => {
      const found = selectModels(catalog.listed(), query, await factsFor(deps, query));
      const page = pageOf(found, query);
      const body = listBody(page, found.length, new URL(request.url));
      if (query.use_rss !== "true") return { body, isRevalidated: true };
      const text = modelsFeed(
        page.items.map(({ model }) => model),
        deps.baseUrl,
      );
      return { body, isRevalidated: true, rendered: { type: FEED_TYPE, text } };
    },
    countModels: async ({ query }) => ({
      body: { data: { count: selectModels(catalog.listed(), query, await factsFor(deps, query)).length } },
      isRevalidated: true,
    }),
    listUserModels: async ({ key: { allowedModels }, query, request }) => {
      const models = catalog.listed().filter(({ model }) => allowedModels === null || allowedModels.holds(model.id));
      const found = selectModels(models, everyKind, await factsFor(deps, everyKind));
      return { body: listBody(pageOf(found, query), found.length, new URL(request.url)) };
    },
    listEmbeddingModels: async ({ query, request }) => {
      const embeddings: ListModelsQuery = { output_modalities: ["embeddings"] };
      const found = selectModels(catalog.listed(), embeddings, await factsFor(deps, embeddings));
      return { body: listBody(pageOf(found, query), found.length, new URL(request.url)), isRevalidated: true };
    },
    getModel: async ({ params }) => {
      const name = `${params.author}/${params.slug}`;
      const listed = found(catalog, name);
      const view = modelView(listed);
      if (!name.startsWith("~")) return { body: { data: view }, isRevalidated: true };
      const target = { slug: view.id, name: view.name };
      return { body: { data: { ...view, id: name, alias_target: target } }, isRevalidated: true };
    },
    listModelEndpoints: async ({ params, request, visitor }) => {
      const { model, endpoints } = found(catalog, `${params.author}/${params.slug}`);
      const { id, name, created, description } = model;
      const isKnown = await deps.isKnown(request, visitor);
      const views = endpoints.map((endpoint) =>
        endpointView(endpoint, model, { measures: deps.measures(endpoint), isKnown }),
      );
      const architecture = architectureView(model);
      return {
        body: { data: { id, name, created, description, architecture, endpoints: views } },
        // What only some may see is for nobody to keep.
        isRevalidated: !isKnown,
      };
    },
    listZdrEndpoints: async ({ request, visitor }) => {
      const isKnown = await deps.isKnown(request, visitor);
      const data = catalog
        .listed()
        .flatMap(({ model, endpoints }) =>
          endpoints
            .filter(keepsNothing)
            .map((endpoint) => endpointView(endpoint, model, { measures: deps.measures(endpoint), isKnown })),
        );
      return { body: { data }, isRevalidated: !isKnown };
    },
    listPublicProviders: async () => ({
      body: { data: deps.providers().map(({ name, slug }) => ({ name, slug, ...NOT_SAID })) },
      isRevalidated: true,
    }),
    getCatalog: async () => ({
      body: { models: catalog.listed().map(catalogView), prices: catalog.priceVersions() },
    }),
    getCatalogModel: async ({ params }) => ({
      body: modelPage(found(catalog, `${params.author}/${params.slug}`), deps.measures),
    }),
  };
}

function catalogView(listed: ListedModel): CatalogModel {
  const served = listed.endpoints.map(({ providerSlug, providerName }) => [providerSlug, providerName] as const);
  const providers = [...new Map(served)].map(([slug, name]) => ({ slug, name }));
  return { ...modelView(listed), providers };
}

function modelPage(listed: ListedModel, measures: ModelHandlerDeps["measures"]): CatalogModelPage {
  const endpoints = listed.endpoints.map((endpoint) => ({
    ...endpointView(endpoint, listed.model, { measures: measures(endpoint), isKnown: true }),
    keeps_for_training: endpoint.dataPolicy.dataCollection ?? null,
    keeps_nothing: endpoint.dataPolicy.zeroDataRetention ?? null,
  }));
  return { model: catalogView(listed), endpoints };
}

const NOT_SAID = {
  privacy_policy_url: null,
  terms_of_service_url: null,
  status_page_url: null,
  headquarters: null,
  datacenters: null,
};

async function factsFor(deps: ModelHandlerDeps, { sort }: ListModelsQuery): Promise<SelectionFacts> {
  const nowMs = deps.clock.nowMs();
  const days = sort === "most-popular" || sort === "top-weekly" ? POPULAR_DAYS[sort] : 0;
  const tokens = days === 0 ? undefined : await deps.tokensByModel(Math.floor(nowMs / DAY_MS) - days + 1);
  return { nowMs, tokensOf: (id) => tokens?.get(id) ?? 0 };
}

function found(catalog: Catalog, name: string): ListedModel {
  const listed = catalog.find(name);
  if (!listed) throw new GapuraError("resource_not_found", { values: { what: `The model ${name}` } });
  return listed;
}

function listBody(page: ReturnType<typeof pageOf<ListedModel>>, total: number, url: URL): ModelList {
  return {
    object: "list",
    data: page.items.map(modelView),
    total_count: total,
    links: { next: page.next && nextPath(url, page.next) },
  };
}

/** The address that was asked for, with its filters, at the next page. */
function nextPath(url: URL, { offset, limit }: { offset: number; limit: number }): string {
  const search = new URLSearchParams(url.search);
  search.set("offset", String(offset));
  search.set("limit", String(limit));
  return `${url.pathname}?${search}`;
}
