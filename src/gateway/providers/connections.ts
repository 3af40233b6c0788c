/**
 * Keeps providers connected: asks each for its models at the start and from time to time, tells the catalogue, and
 * knows what to say about each one. Local servers come and go by themselves.
 *
 * Invariants: a provider that cannot be asked keeps what it offered before; nothing here delays a start or a request
 * (only `firstRound` may be waited for, and it has an end).
 */
import type { Catalog, OfferedModel } from "../../catalog/catalog.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { GuardedTransport } from "../transport/transport.ts";
import { type HttpProvider, transportFor } from "./http-provider.ts";
import { readModelList } from "./model-list.ts";
import { plainModel } from "./openai-compatible/plain-models.ts";
import type { ProviderRegistry } from "./registry.ts";

export type ConnectionSource = "environment" | "file" | "local";

export interface Connection {
  provider: HttpProvider;
  credential: Secret | null;
  source: ConnectionSource;
  /** Models the operator named; null means: ask the provider. */
  fixedModels: string[] | null;
}

export interface ConnectionState {
  connection: Connection;
  state: "ready" | "checking" | "unreachable" | "refused";
  models: number | null;
  note: string | null;
}

interface Deps {
  catalog: Catalog;
  registry: ProviderRegistry;
  transport: GuardedTransport;
  /** Called after every change of who is there. */
  onChange(states: readonly ConnectionState[]): void;
}

const REMOTE_TIMEOUT_MS = 15_000;
const LOCAL_TIMEOUT_MS = 1_500;
const REFRESH_REMOTE_MS = 10 * 60_000;
const RETRY_REMOTE_MS = 30_000;
const PROBE_LOCAL_MS = 30_000;

export class Connections {
  readonly #deps: Deps;
  readonly #states: ConnectionState[];
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #stopped = false;
  /** Resolves when every provider has been asked once. */
  firstRound: Promise<void> = Promise.resolve();

  constructor(connections: readonly Connection[], deps: Deps) {
    this.#deps = deps;
    this.#states = connections.map((connection) => ({ connection, state: "checking", models: null, note: null }));
  }

  /** Connects what is configured and asks everybody, in the background. */
  start(): void {
    for (const state of this.#states) {
      if (state.connection.source !== "local") this.#connect(state, state.connection.provider.assumedModels, false);
    }
    this.#deps.onChange(this.present());
    this.firstRound = Promise.all(this.#states.map((state) => this.#refresh(state))).then(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Everybody configured, and the local servers that answered. */
  present(): ConnectionState[] {
    return this.#states.filter((state) => state.connection.source !== "local" || state.state === "ready");
  }

  async #refresh(state: ConnectionState): Promise<void> {
    const { connection } = state;
    const isLocal = connection.source === "local";
    const fixedModels = connection.fixedModels ?? connection.provider.fixedModels;
    if (fixedModels) {
      this.#connect(
        state,
        fixedModels.map((name) => namedModel(connection, name)),
        true,
      );
      Object.assign(state, { state: "ready", models: fixedModels.length, note: null });
      this.#deps.onChange(this.present());
      // Nobody asks such a provider for its models, so an address that the guard refuses would only show in a call.
      const refusal = await this.#deps.transport.refusal(connection.provider.descriptor.baseUrl);
      if (refusal === null || this.#stopped) return;
      const shown = refusal.kind === "refused" ? "refused" : "unreachable";
      Object.assign(state, { state: shown, note: `${refusal.message}.` });
      this.#deps.onChange(this.present());
      if (shown === "unreachable") this.#later(state, RETRY_REMOTE_MS);
      return;
    }
    const timeoutMs = isLocal ? LOCAL_TIMEOUT_MS : REMOTE_TIMEOUT_MS;
    const list = await readModelList(connection.provider, connection.credential, {
      transport: this.#deps.transport,
      timeoutMs,
    });
    if (this.#stopped) return;
    const wasPresent = state.state === "ready";
    if (list.state === "ready") {
      this.#connect(state, list.models, true);
      Object.assign(state, { state: "ready", models: list.models.length, note: null });
    } else if (isLocal) {
      if (wasPresent) this.#disconnect(state);
      Object.assign(state, { state: "unreachable", models: null, note: null });
    } else {
      const shown = list.state === "unreachable" ? "unreachable" : "refused";
      Object.assign(state, { state: shown, note: list.note });
    }
    this.#deps.onChange(this.present());
    this.#later(state, isLocal ? PROBE_LOCAL_MS : list.state === "ready" ? REFRESH_REMOTE_MS : RETRY_REMOTE_MS);
  }

  #connect(state: ConnectionState, models: readonly OfferedModel[], isListKnown: boolean): void {
    const { provider, credential } = state.connection;
    const { descriptor, reportsCost } = provider;
    const adapter = provider.createAdapter(transportFor(provider, this.#deps.transport));
    this.#deps.registry.connect({ adapter, credential, reportsCost });
    this.#deps.catalog.report({
      slug: descriptor.slug,
      name: descriptor.name,
      rank: this.#states.indexOf(state),
      models,
      ...(isListKnown ? {} : { acceptUnlisted: (name: string) => provider.acceptUnlisted(name) }),
    });
  }

  #disconnect(state: ConnectionState): void {
    const { slug } = state.connection.provider.descriptor;
    this.#deps.catalog.withdraw(slug);
    this.#deps.registry.disconnect(slug);
  }

  #later(state: ConnectionState, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#refresh(state);
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
  }
}

function namedModel(connection: Connection, name: string): OfferedModel {
  const { slug } = connection.provider.descriptor;
  const listed = connection.provider.readModels({ data: [{ id: name }] })?.[0];
  return listed ?? plainModel(name.includes("/") ? name : `${slug}/${name}`, name);
}
