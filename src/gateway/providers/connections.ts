/**
 * Keeps providers connected: asks each for its models at the start and from time to time, tells the catalogue, and
 * knows what to say about each one. Local servers come and go by themselves; what the dashboard connects is put in,
 * replaced and removed while requests run.
 *
 * Invariants: a provider that cannot be asked keeps what it offered before; nothing here delays a start or a request
 * (only `firstRound` may be waited for, and it has an end); a running request keeps the adapter and the credential that
 * it began with; an answer to a question that was asked with a former credential changes nothing any more.
 */
import type { Catalog, OfferedModel, ProviderOffer } from "../../catalog/catalog.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AnswerTimeouts } from "../../kernel/timeouts.ts";
import type { GuardedTransport } from "../transport/transport.ts";
import { type HttpProvider, transportFor } from "./http-provider.ts";
import { type ModelList, readModelList } from "./model-list.ts";
import { plainModel } from "./openai-compatible/plain-models.ts";
import { type Credential, type ProviderRegistry, soleCredential } from "./registry.ts";

export type ConnectionSource = "environment" | "file" | "dashboard" | "local";

export interface Connection {
  provider: HttpProvider;
  /** What the provider is asked for its models with. */
  credential: Secret | null;
  /** What it is called with, where that is more than `credential`. */
  credentials?: readonly Credential[];
  /** How long it is waited for, where the operator has said so. */
  timeouts?: Partial<AnswerTimeouts>;
  source: ConnectionSource;
  /** Models the operator named; null means: ask the provider. */
  fixedModels: string[] | null;
  /** Under which slug the price books know it; null for not at all, missing where its own slug is the best guess. */
  pricedAs?: string | null;
  /** What else routing should know of it. */
  facts?: RoutingFacts;
}

export type RoutingFacts = Pick<ProviderOffer, "otherSlugs" | "tag" | "dataPolicy" | "priority" | "weight">;

export interface ConnectionState {
  connection: Connection;
  state: "ready" | "checking" | "unreachable" | "refused";
  models: number | null;
  note: string | null;
}

/** A connection that is kept, with what belongs to keeping it. */
interface Kept extends ConnectionState {
  /** Lower is tried first where several serve a model. */
  rank: number;
  /** What it said it offers, once it has. */
  offered: readonly OfferedModel[] | null;
  timer: ReturnType<typeof setTimeout> | null;
}

interface Deps {
  catalog: Catalog;
  registry: ProviderRegistry;
  transport: GuardedTransport;
  /** Called after every change of who is there. */
  onChange(states: readonly ConnectionState[]): void;
  /** Called with whether a provider that has a list of models could be asked for it. */
  onList?(slug: string, isReachable: boolean): void;
}

const REMOTE_TIMEOUT_MS = 15_000;
const LOCAL_TIMEOUT_MS = 1_500;
const REFRESH_REMOTE_MS = 10 * 60_000;
const RETRY_REMOTE_MS = 30_000;
const PROBE_LOCAL_MS = 30_000;
/** What is configured comes first, then what the dashboard connects, then what was found on this machine. */
const DASHBOARD_RANK = 1_000;
const LOCAL_RANK = 1_000_000;

export class Connections {
  readonly #deps: Deps;
  readonly #kept = new Map<string, Kept>();
  #nextRank = 0;
  #isStarted = false;
  #isStopped = false;
  /** Resolves when every provider that was there at the start has been asked once. */
  firstRound: Promise<void> = Promise.resolve();

  constructor(connections: readonly Connection[], deps: Deps) {
    this.#deps = deps;
    for (const connection of connections) this.#keep(connection);
  }

  /** Connects what is configured and asks everybody, in the background. */
  start(): void {
    this.#isStarted = true;
    const all = [...this.#kept.values()];
    for (const kept of all) {
      if (kept.connection.source !== "local") this.#connect(kept, kept.connection.provider.assumedModels, false);
    }
    this.#deps.onChange(this.present());
    this.firstRound = Promise.all(all.map((kept) => this.#refresh(kept))).then(() => undefined);
  }

  stop(): void {
    this.#isStopped = true;
    for (const kept of this.#kept.values()) forgetTimer(kept);
  }

  /** Adds a connection, or puts it in the place of the one with its slug. The next request uses it. */
  put(connection: Connection): void {
    const kept = this.#keep(connection);
    if (!this.#isStarted) return;
    this.#connect(kept, kept.offered ?? connection.provider.assumedModels, kept.offered !== null);
    this.#deps.onChange(this.present());
    void this.#refresh(kept);
  }

  /** The next request does not find it any more; running ones end as they would have. */
  remove(slug: string): void {
    const kept = this.#kept.get(slug);
    if (kept === undefined) return;
    forgetTimer(kept);
    this.#kept.delete(slug);
    this.#disconnect(kept);
    this.#deps.onChange(this.present());
  }

  /** Who has a slug, whether it answers or not. */
  sourceOf(slug: string): ConnectionSource | null {
    return this.#kept.get(slug)?.connection.source ?? null;
  }

  /** Asks for the models once and changes nothing. Never rejects. */
  probe({ provider, credential }: Pick<Connection, "provider" | "credential">): Promise<ModelList> {
    return readModelList(provider, credential, { transport: this.#deps.transport, timeoutMs: REMOTE_TIMEOUT_MS });
  }

  /** Why the gateway would send nothing to this address, in a sentence without its full stop; null where it would. */
  async refusal(baseUrl: string): Promise<string | null> {
    return (await this.#deps.transport.refusal(baseUrl))?.message ?? null;
  }

  /** Everybody configured, and the local servers that answered; in the order in which they are tried. */
  present(): ConnectionState[] {
    return [...this.#kept.values()]
      .filter((kept) => kept.connection.source !== "local" || kept.state === "ready")
      .sort((one, other) => one.rank - other.rank);
  }

  /** A connection in the place of a former one keeps its rank, and its models until it has been asked itself. */
  #keep(connection: Connection): Kept {
    const { slug } = connection.provider.descriptor;
    const former = this.#kept.get(slug);
    if (former !== undefined) forgetTimer(former);
    const rank = former?.rank ?? this.#nextRank++ + FIRST_RANK[connection.source];
    const isSameServer = former?.connection.provider.descriptor.baseUrl === connection.provider.descriptor.baseUrl;
    const offered = isSameServer ? (former?.offered ?? null) : null;
    const kept: Kept = { connection, state: "checking", models: null, note: null, rank, offered, timer: null };
    this.#kept.set(slug, kept);
    return kept;
  }

  /** False for one that was removed or replaced while it was being asked. */
  #isCurrent(kept: Kept): boolean {
    return !this.#isStopped && this.#kept.get(kept.connection.provider.descriptor.slug) === kept;
  }

  async #refresh(kept: Kept): Promise<void> {
    const { connection } = kept;
    const isLocal = connection.source === "local";
    const fixedModels = connection.fixedModels ?? connection.provider.fixedModels;
    if (fixedModels) {
      this.#connect(
        kept,
        fixedModels.map((name) => namedModel(connection, name)),
        true,
      );
      Object.assign(kept, { state: "ready", models: fixedModels.length, note: null });
      this.#deps.onChange(this.present());
      // Nobody asks such a provider for its models, so an address that the guard refuses would only show in a call.
      const refusal = await this.#deps.transport.refusal(connection.provider.descriptor.baseUrl);
      if (refusal === null || !this.#isCurrent(kept)) return;
      const shown = refusal.kind === "refused" ? "refused" : "unreachable";
      Object.assign(kept, { state: shown, note: `${refusal.message}.` });
      this.#deps.onChange(this.present());
      if (shown === "unreachable") this.#later(kept, RETRY_REMOTE_MS);
      return;
    }
    const timeoutMs = isLocal ? LOCAL_TIMEOUT_MS : REMOTE_TIMEOUT_MS;
    const list = await readModelList(connection.provider, connection.credential, {
      transport: this.#deps.transport,
      timeoutMs,
    });
    if (!this.#isCurrent(kept)) return;
    const wasPresent = kept.state === "ready";
    this.#deps.onList?.(connection.provider.descriptor.slug, list.state !== "unreachable");
    if (list.state === "ready") {
      this.#connect(kept, list.models, true);
      Object.assign(kept, { state: "ready", models: list.models.length, note: null, offered: list.models });
    } else if (isLocal) {
      if (wasPresent) this.#disconnect(kept);
      Object.assign(kept, { state: "unreachable", models: null, note: null });
    } else {
      const shown = list.state === "unreachable" ? "unreachable" : "refused";
      const remedy = list.state === "refused" ? ` ${REMEDIES[connection.source]}` : "";
      Object.assign(kept, { state: shown, note: `${list.note}${remedy}` });
    }
    this.#deps.onChange(this.present());
    this.#later(kept, isLocal ? PROBE_LOCAL_MS : list.state === "ready" ? REFRESH_REMOTE_MS : RETRY_REMOTE_MS);
  }

  #connect(kept: Kept, models: readonly OfferedModel[], isListKnown: boolean): void {
    const { provider, credential, credentials, pricedAs, facts, timeouts } = kept.connection;
    const { descriptor, reportsCost, readsWishes } = provider;
    const adapter = provider.createAdapter(transportFor(provider, this.#deps.transport));
    this.#deps.registry.connect({
      adapter,
      credentials: credentials ?? [soleCredential(credential)],
      reportsCost,
      ...(timeouts === undefined ? {} : { timeouts }),
    });
    this.#deps.catalog.report({
      slug: descriptor.slug,
      name: descriptor.name,
      rank: kept.rank,
      models,
      ...facts,
      ...(readsWishes ? { readsWishes } : {}),
      ...(pricedAs === undefined ? {} : { pricedAs }),
      ...(isListKnown ? {} : { acceptUnlisted: (name: string) => provider.acceptUnlisted(name) }),
    });
  }

  #disconnect({ connection }: Kept): void {
    const { slug } = connection.provider.descriptor;
    this.#deps.catalog.withdraw(slug);
    this.#deps.registry.disconnect(slug);
  }

  #later(kept: Kept, delayMs: number): void {
    kept.timer = setTimeout(() => void this.#refresh(kept), delayMs);
    kept.timer.unref();
  }
}

const FIRST_RANK: Record<ConnectionSource, number> = {
  environment: 0,
  file: 0,
  dashboard: DASHBOARD_RANK,
  local: LOCAL_RANK,
};

const REMEDIES: Record<ConnectionSource, string> = {
  environment: "Check it and restart Gapura.",
  file: "Check it and restart Gapura.",
  dashboard: "Replace it on the Providers page.",
  local: "",
};

function forgetTimer(kept: Kept): void {
  if (kept.timer !== null) clearTimeout(kept.timer);
  kept.timer = null;
}

function namedModel(connection: Connection, name: string): OfferedModel {
  const { slug } = connection.provider.descriptor;
  const listed = connection.provider.readModels({ data: [{ id: name }] })?.[0];
  return listed ?? plainModel(name.includes("/") ? name : `${slug}/${name}`, name);
}
