/**
 * The data plane as one object: the routes it answers, the keys it knows, the providers it is connected to. Built once
 * by main.ts; the pipeline does the work of a request.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { howToConnect } from "../catalog/vendors/vendors.ts";
import type { Clock } from "../kernel/clock.ts";
import { GapuraError } from "../kernel/errors.ts";
import type { JsonObject } from "../kernel/json.ts";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../kernel/timeouts.ts";
import type { ApiType, ClientDialect } from "./canonical/dialects.ts";
import { Closing } from "./closing.ts";
import { answerCount } from "./count-tokens.ts";
import { Deadlines } from "./deadlines.ts";
import { type Forecast, forecast } from "./forecast.ts";
import { Health } from "./health/health.ts";
import { anthropicMessages } from "./ingress/anthropic-messages/dialect.ts";
import { embeddings } from "./ingress/embeddings/dialect.ts";
import { openAiChat } from "./ingress/openai-chat/dialect.ts";
import { openAiCompletions } from "./ingress/openai-completions/dialect.ts";
import { openAiResponses } from "./ingress/openai-responses/dialect.ts";
import type { BodyLimits } from "./ingress/read-body.ts";
import { rerank } from "./ingress/rerank/dialect.ts";
import { PriceKeeper } from "./metering/price-keeper.ts";
import { type Arrival, answerCall, type PipelineDeps } from "./pipeline.ts";
import { Budget } from "./policy/budget/budget.ts";
import { type Origin, requireAddress } from "./policy/ip-allow/ip-allow.ts";
import { authenticateKey } from "./policy/key-auth/key-auth.ts";
import { KeyCache } from "./policy/key-auth/key-cache.ts";
import { OpenCalls } from "./policy/key-auth/open-calls.ts";
import { RateLimits } from "./policy/rate-limit/rate-limits.ts";
import type {
  AccountRoutingSource,
  AlertSink,
  CapShares,
  GatewayLog,
  KeyRecord,
  KeySource,
  Ledger,
  PayloadSink,
  PresetSource,
  PriceSink,
  UsageSink,
} from "./ports.ts";
import type { ProviderAdapter } from "./providers/adapter.ts";
import { type Connection, type ConnectionState, Connections } from "./providers/connections.ts";
import { ProviderRegistry, soleCredential } from "./providers/registry.ts";
import { StreamKeeper, type StreamLimits } from "./relay/stream-keeper.ts";
import { ResponseCache } from "./response-cache/response-cache.ts";
import { StickyRoutes } from "./router/sticky.ts";
import { AddressGuard } from "./transport/address-guard.ts";
import { createTransport } from "./transport/transport.ts";

export interface DataPlaneOptions {
  clock: Clock;
  catalog: Catalog;
  keySource: KeySource;
  ledger: Ledger;
  /** How caps on the rate of calls are divided among processes; missing where there is one. */
  capShares?: CapShares;
  /** What a call that is held to limits may do where nobody knows the price. */
  unpricedModels: "refuse" | "allow";
  usage: UsageSink;
  /** Where the figures behind charges are kept. */
  prices: PriceSink;
  /** What people have set for all of their requests; nothing where it is missing. */
  accountRouting?: AccountRoutingSource | null;
  /** Named sets of request fields; none where it is missing. */
  presets?: PresetSource | null;
  /** What draws among equals; Math.random where it is missing. */
  random?(): number;
  /** Where requests and answers are kept; null for nowhere. */
  payloads: PayloadSink | null;
  alerts: AlertSink;
  log: GatewayLog;
  limits: BodyLimits;
  /** Those that are not as they are by default. */
  timeouts?: Partial<Timeouts>;
  /** Those of streams that are not as they are by default. */
  streamLimits?: Partial<StreamLimits>;
  hedging?: PipelineDeps["hedging"];
  /** The instance's own address, without a trailing slash. */
  baseUrl: string;
  connections: readonly Connection[];
  /** `host:port` entries that may be private. */
  allowPrivate: readonly string[];
  /** The built-in provider, and when it answers known models that nobody connected serves. */
  sandbox: { adapter: ProviderAdapter; standIn: "always" | "when-alone"; modelId: string } | null;
  /** Headers of every answer: security, and the ones that let pages of other origins call. */
  headers: Record<string, string>;
}

interface DataPlaneEndpoint {
  path: string;
  client: ClientDialect;
  answer: typeof answerCall;
}

/** What is answered, in which dialect. Each stands under `/api/v1` and, for clients that insist on it, under `/v1`. */
const ENDPOINTS: readonly DataPlaneEndpoint[] = [
  { path: "/chat/completions", client: openAiChat, answer: answerCall },
  { path: "/completions", client: openAiCompletions, answer: answerCall },
  { path: "/responses", client: openAiResponses, answer: answerCall },
  { path: "/messages", client: anthropicMessages, answer: answerCall },
  { path: "/messages/count_tokens", client: anthropicMessages, answer: answerCount },
  { path: "/embeddings", client: embeddings, answer: answerCall },
  { path: "/rerank", client: rerank, answer: answerCall },
];
const BASES = ["/api/v1", "/v1"];
const ENDPOINT_BY_PATH = new Map(
  ENDPOINTS.flatMap((endpoint) => BASES.map((base) => [base + endpoint.path, endpoint] as const)),
);
/** What stands below it is nobody else's, so that its clients read their own kind of error there. */
const MESSAGES_SUBPATH = /^(?:\/api)?\/v1\/messages\//;
const STREAM_LIMITS = {
  heartbeatAfterMs: 15_000,
  readerLimitMs: 60_000,
};
/** How long a request for an unknown model waits for providers that have not yet said what they have. */
const FIRST_ROUND_WAIT_MS = 3_000;

export const CORS_HEADERS: Record<string, string> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": [
    ...["x-generation-id", "x-request-id", "request-id", "retry-after", "x-gapura-dropped-parameters"],
    ...["status", "age", "ttl", "source-id"].map((name) => `x-openrouter-cache-${name}`),
  ].join(", "),
};
const PREFLIGHT_HEADERS: Record<string, string> = {
  ...CORS_HEADERS,
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers": "*, authorization",
  "access-control-max-age": "86400",
};

export class DataPlane {
  readonly keys: KeyCache;
  readonly connections: Connections;
  readonly keeper: StreamKeeper;
  readonly health: Health;
  readonly #openCalls: OpenCalls;
  readonly #deps: PipelineDeps;
  readonly #closing = new Closing();
  #inFlight = 0;

  constructor(options: DataPlaneOptions) {
    const { clock, catalog, ledger } = options;
    const hints = { exampleModel: "gpt-3.5", modelsUrl: `${options.baseUrl}/api/v1/models`, howToConnect };
    const registry = new ProviderRegistry();
    const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    const deadlines = new Deadlines(clock);
    const guard = new AddressGuard({ allowPrivate: options.allowPrivate });
    const transport = createTransport(guard, { clock, deadlines, connectTimeoutMs: timeouts.connectMs });
    if (options.sandbox) {
      const credentials = [soleCredential(null)];
      registry.connect({ adapter: options.sandbox.adapter, credentials, reportsCost: false });
    }
    const onChange = (states: readonly ConnectionState[]) => chooseStandIn(options, states);
    this.keys = new KeyCache(options.keySource, clock);
    this.#openCalls = new OpenCalls(this.keys, { clock, deadlines });
    this.keeper = new StreamKeeper(clock, {
      ...STREAM_LIMITS,
      totalLimitMs: timeouts.streamMs,
      ...options.streamLimits,
    });
    const random = options.random ?? Math.random;
    this.health = new Health({ clock, random, providers: registry });
    const onList = (slug: string, isReachable: boolean) => this.health.noteList(slug, isReachable);
    this.connections = new Connections(options.connections, { catalog, registry, transport, onChange, onList });
    this.#deps = {
      clock,
      keys: this.keys,
      rates: new RateLimits(clock, { shares: options.capShares ?? null }),
      budget: new Budget({ ledger, unpricedModels: options.unpricedModels, modelsUrl: hints.modelsUrl }),
      ledger,
      models: {
        resolve: (name) => catalog.resolve(name),
        listed: () => catalog.listed(),
        ready: () => this.#firstRound(),
      },
      health: this.health,
      accounts: options.accountRouting ?? null,
      presets: options.presets ?? null,
      sticky: new StickyRoutes(),
      random,
      providers: registry,
      responses: new ResponseCache(clock),
      usage: options.usage,
      prices: new PriceKeeper(options.prices),
      payloads: options.payloads,
      keeper: this.keeper,
      openCalls: this.#openCalls,
      alerts: options.alerts,
      closing: this.#closing,
      log: options.log,
      limits: options.limits,
      timeouts,
      hedging: options.hedging ?? "off",
      deadlines,
      hints,
      headers: { ...options.headers, ...CORS_HEADERS },
    };
  }

  /** Who would answer a body of this kind, and why; nobody is asked. Throws GapuraError for a body that is refused before. */
  forecast(userId: string, apiType: ApiType, body: JsonObject): Promise<Forecast> {
    const client = ENDPOINTS.find((endpoint) => endpoint.client.apiType === apiType)?.client ?? openAiChat;
    return forecast(this.#deps, { userId, client, body });
  }

  /** Every path and method answered here, for the inventory of routes. */
  routes(): { method: string; path: string }[] {
    return [...ENDPOINT_BY_PATH.keys()].flatMap((path) => [
      { method: "POST", path },
      { method: "OPTIONS", path },
    ]);
  }

  /** To be called about once a second: caps on rates that are not needed here are given back. */
  tendRates(): void {
    this.#deps.rates.tend();
  }

  /** Requests that are being answered, streams included. */
  get busy(): number {
    return this.#inFlight + this.keeper.openStreams;
  }

  /** Ends everything that is being answered: streams with an error behind what was said, all else with a refusal. */
  end(): void {
    const reason = new GapuraError("shutting_down", { retryAfterSeconds: 5 });
    this.#closing.end(reason);
    this.keeper.interruptAll(reason);
  }

  /** A key's row changed to this version: nothing older is believed, and what runs with a refused key ends. */
  keyChanged(change: { id: string; hash: string; version: number }): void {
    this.keys.evict(change);
    void this.#openCalls.review(change.id);
  }

  /** The key of a call that somebody else answers, under the rules of those answered here. Rejects with GapuraError. */
  async authenticate(authorization: string | null, origin: Origin): Promise<KeyRecord> {
    const { keys, clock } = this.#deps;
    return requireAddress(await authenticateKey(authorization, keys, clock), origin, this.#deps);
  }

  /** The answer, or undefined when the path (exact, case-sensitive) is not one of the data plane's. Never rejects. */
  handle(request: Request, path: string, arrival: Arrival): Promise<Response> | undefined {
    const endpoint = ENDPOINT_BY_PATH.get(path);
    const { requestId } = arrival;
    if (!endpoint) {
      if (!MESSAGES_SUBPATH.test(path)) return undefined;
      return Promise.resolve(this.#refusal(new GapuraError("not_found"), anthropicMessages, requestId));
    }
    const { client, answer } = endpoint;
    if (request.method === "POST") return this.#count(answer(this.#deps, request, { client, arrival }));
    if (request.method === "OPTIONS") {
      const headers = { ...this.#deps.headers, ...PREFLIGHT_HEADERS, "x-request-id": requestId };
      return Promise.resolve(new Response(null, { status: 204, headers }));
    }
    const error = new GapuraError("method_not_allowed", { values: { method: request.method, allowed: "POST" } });
    return Promise.resolve(this.#refusal(error, client, requestId));
  }

  /** The answer to a chat call with the key that `arrival` means, for somebody whom the control plane has let in. */
  chat(request: Request, arrival: Arrival & { keyHash: string }): Promise<Response> {
    return this.#count(answerCall(this.#deps, request, { client: openAiChat, arrival }));
  }

  #count(answer: Promise<Response>): Promise<Response> {
    this.#inFlight++;
    const over = () => {
      this.#inFlight--;
    };
    answer.then(over, over);
    return answer;
  }

  #refusal(error: GapuraError, client: ClientDialect, requestId: string): Response {
    const headers = {
      ...this.#deps.headers,
      ...(error.code === "method_not_allowed" ? { allow: "POST, OPTIONS" } : {}),
      "content-type": "application/json",
      "x-request-id": requestId,
      ...client.headers?.(requestId),
    };
    return new Response(JSON.stringify(client.errorBody(error, requestId)), { status: error.status, headers });
  }

  async #firstRound(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_ROUND_WAIT_MS);
    });
    await Promise.race([this.connections.firstRound, limit]);
    clearTimeout(timer);
  }
}

/** The sandbox answers for absent models when the operator wants it always, or while nobody else is there. */
function chooseStandIn(options: DataPlaneOptions, states: readonly ConnectionState[]): void {
  const { sandbox, catalog } = options;
  if (!sandbox || (sandbox.standIn === "when-alone" && states.length > 0)) {
    catalog.setStandIn(null);
    return;
  }
  const { slug, name } = sandbox.adapter.descriptor;
  const names = { providerSlug: slug, providerName: name, modelId: sandbox.modelId };
  const price = catalog.priceOf(slug, sandbox.modelId);
  catalog.setStandIn({ ...names, price });
}
