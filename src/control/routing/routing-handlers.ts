/**
 * Wishes about providers that hold for every request: the account's own, and those of the instance. And what would come
 * of them for one request.
 *
 * Invariants: a change and its entry in the audit log are durable together; it is in force in this process before it is
 * answered, and within a second everywhere.
 */
import type { CallKind, DryRun } from "../../contract/schemas/dry-run.ts";
import type { RoutingDefaults } from "../../contract/schemas/routing.ts";
import { type AuditActor, changedFacts } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import { asChecked, type JsonObject } from "../../kernel/json.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import {
  createRoutingDefaultsStore,
  INSTANCE_OWNER,
  type RoutingDefaultsStore,
} from "../../storage/stores/routing-defaults.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import { defaultsOf, storedDefaults } from "./defaults-wire.ts";

export interface RoutingHandlerDeps {
  defaults: RoutingDefaultsStore;
  audit: AuditStore;
  clock: Clock;
  /** Brings what is stored into force. */
  onDefaultsChanged(): Promise<void>;
  /** Throws GapuraError for a body that would be refused before anybody is looked for. */
  dryRun(asked: { userId: string; kind: CallKind; body: JsonObject }): Promise<DryRun>;
}

type RoutingOperations = "getRouting" | "updateRouting" | "updateInstanceRouting" | "tryRoute" | "dryRunRoute";

export function routingHandlers(deps: RoutingHandlerDeps): Handlers<RoutingOperations> {
  const { defaults } = deps;
  const settings = async (userId: string) => ({
    body: { own: defaultsOf(await defaults.get(userId)), instance: defaultsOf(await defaults.get(INSTANCE_OWNER)) },
  });
  const change = async (actor: AuditActor, ownerId: string, { maxPrice, ...changes }: Changes) => {
    await deps.audit.together(async (db, record) => {
      const store = createRoutingDefaultsStore(db);
      const stored = await store.get(ownerId);
      const before = defaultsOf(stored);
      const after = { ...before, ...given(changes), maxPrice: { ...before.maxPrice, ...given(maxPrice ?? {}) } };
      await store.put(ownerId, storedDefaults(after), deps.clock.nowMs());
      const facts = changedFacts(stored, storedDefaults(after));
      if (Object.keys(facts.after).length === 0) return;
      const isInstance = ownerId === INSTANCE_OWNER;
      const target = isInstance ? { kind: "instance", id: null } : { kind: "account", id: ownerId };
      await record({ actor, action: "routing.change", target, ...facts });
    });
    await deps.onDefaultsChanged();
  };
  const dryRun = async (userId: string, { query, body }: { query: { api: CallKind }; body: object }) => ({
    body: { data: await deps.dryRun({ userId, kind: query.api, body: asChecked<JsonObject>(body) }) },
  });
  return {
    tryRoute: ({ account, query, body }) => dryRun(account.accountId, { query, body }),
    dryRunRoute: ({ key, query, body }) => dryRun(key.userId, { query, body }),
    getRouting: ({ account }) => settings(account.accountId),
    updateRouting: async ({ account: { accountId, userId }, body, visitor }) => {
      await change(personActor(userId, visitor), accountId, body);
      return settings(accountId);
    },
    updateInstanceRouting: async ({ account, body, visitor }) => {
      await change(personActor(account.userId, visitor), INSTANCE_OWNER, body);
      return settings(account.accountId);
    },
  };
}

type Loose<Fields> = { [Name in keyof Fields]?: Fields[Name] | undefined };
type Changes = Loose<Omit<RoutingDefaults, "maxPrice">> & { maxPrice?: Loose<RoutingDefaults["maxPrice"]> | undefined };

/** The fields that were named. */
function given<Fields extends object>(fields: Loose<Fields>): Partial<Fields> {
  const named: Partial<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) named[name] = value;
  }
  return named;
}
