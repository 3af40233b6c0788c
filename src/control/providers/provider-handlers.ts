/**
 * Providers that the owner connects in the dashboard.
 *
 * Invariants: no answer, error or log line holds a key or any part of it beyond the masked label; a change is in force
 * in this process before it is answered; an address that the gateway would not connect to is not stored.
 */
import { BASE_URL_FIELD, isSealed } from "../../catalog/vendors/fields.ts";
import { type VendorType, vendorOf, vendorTypes } from "../../catalog/vendors/vendors.ts";
import type { ProviderKeyView, TestResult, VendorView } from "../../contract/schemas/provider-keys.ts";
import { changedFacts } from "../../kernel/audit.ts";
import type { Clock } from "../../kernel/clock.ts";
import { EnvelopeError } from "../../kernel/envelope.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { JsonObject } from "../../kernel/json.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { Db } from "../../storage/open.ts";
import type { ProviderKeyRow } from "../../storage/schema.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import {
  fieldsOf,
  modelsOf,
  NoKeyError,
  type ProviderKeyContent,
  type ProviderKeyStore,
  type ProviderKeySwitches,
} from "../../storage/stores/provider-keys.ts";
import { personActor } from "../audit/actor.ts";
import type { HandlerInput, Handlers } from "../http/handler.ts";
import {
  invalid,
  problemAt,
  type StoredProvider,
  slugOf,
  type TypedProvider,
  typedProvider,
  vendorTypeOf,
} from "./typed-provider.ts";

/** What the data plane does for the control plane: filled by main.ts. */
export interface ProviderPort {
  /** Who has a slug already, in words; null for nobody. */
  holderOf(slug: string): string | null;
  /** Why the gateway would not connect to this address, as a sentence; null when it would. */
  addressProblem(baseUrl: string): Promise<string | null>;
  /** Asks for the model list through the gateway's transport. Never rejects. */
  probe(candidate: ProbeCandidate): Promise<TestResult>;
  /** Brings what is stored into force. */
  apply(): Promise<void>;
}

export interface ProbeCandidate {
  type: VendorType;
  slug: string;
  name: string;
  baseUrl: string;
  credential: Secret | null;
}

export interface ProviderHandlerDeps {
  store: ProviderKeyStore;
  /** The same store within a transaction. */
  storeOn(db: Db): ProviderKeyStore;
  audit: AuditStore;
  gateway: ProviderPort;
  clock: Clock;
  /** What happened, to whom, by whom. */
  note(event: ProviderEvent, fields: { provider: string; userId: string; requestId: string; reason?: string }): void;
}

export type ProviderEvent =
  | "provider.key_added"
  | "provider.key_changed"
  | "provider.key_removed"
  | "provider.key_tested";

type ProviderOperations =
  | "listVendors"
  | "testProviderKey"
  | "listProviderKeys"
  | "createProviderKey"
  | "updateProviderKey"
  | "deleteProviderKey";

export function providerHandlers(deps: ProviderHandlerDeps): Handlers<ProviderOperations> {
  const { store, storeOn, audit, gateway, note } = deps;
  return {
    listVendors: async () => ({ body: { vendors: vendorTypes.map(vendorView) } }),

    listProviderKeys: async () => ({ body: { keys: (await store.list()).map(keyView) } }),

    testProviderKey: async ({ account, body, visitor }) => {
      const candidate = await candidateOf(store, body);
      const result = await gateway.probe(candidate);
      const { userId } = account;
      note("provider.key_tested", {
        provider: candidate.slug,
        userId,
        requestId: visitor.requestId,
        reason: result.result,
      });
      return { body: result };
    },

    createProviderKey: async (input) => ({ body: keyView(await connect(deps, input)) }),

    updateProviderKey: async (input) => ({ body: keyView(await change(deps, input)) }),

    deleteProviderKey: async ({ account, params, visitor }) => {
      const row = await required(store, params.id);
      const actor = personActor(account.userId, visitor);
      await audit.together(async (db, record) => {
        await storeOn(db).remove(row.id);
        await record({ actor, action: "provider.delete", target: providerTarget(row), before: providerFacts(row) });
      });
      await gateway.apply();
      note("provider.key_removed", { provider: row.slug, userId: account.userId, requestId: visitor.requestId });
      return { body: { deleted: true } };
    },
  };
}

async function connect(
  { gateway, storeOn, audit, clock, note }: ProviderHandlerDeps,
  { account, body, visitor }: HandlerInput<"createProviderKey">,
): Promise<ProviderKeyRow> {
  const type = vendorTypeOf(body.type);
  const vendor = vendorOf(type);
  const slug = slugOf(vendor, body.slug);
  const typed = typedProvider(type, body.fields);
  const holder = gateway.holderOf(slug);
  if (holder !== null) throw taken(slug, holder);
  await refuseAddress(gateway, typed);
  const identity = { id: newId("pvk"), slug, type };
  const { weight, priority } = body;
  const content = {
    ...contentOf(typed),
    name: body.name ?? vendor.name,
    models: listOrNull(body.models),
    ...(weight === undefined ? {} : { weight }),
    ...(priority === undefined ? {} : { priority }),
  };
  const actor = personActor(account.userId, visitor);
  const row = await storing(slug, () =>
    audit.together(async (db, record) => {
      const added = await storeOn(db).add(identity, content, clock.nowMs());
      if (added === null) throw taken(slug, "another provider of this dashboard");
      await record({ actor, action: "provider.create", target: providerTarget(added), after: providerFacts(added) });
      return added;
    }),
  );
  await gateway.apply();
  note("provider.key_added", { provider: slug, userId: account.userId, requestId: visitor.requestId });
  return row;
}

async function change(
  deps: ProviderHandlerDeps,
  { account, body, params, visitor }: HandlerInput<"updateProviderKey">,
): Promise<ProviderKeyRow> {
  const { store, storeOn, audit, gateway, clock, note } = deps;
  const row = await required(store, params.id);
  const content = await changedContent(deps, row, body);
  const actor = personActor(account.userId, visitor);
  const changed = await storing(row.slug, () =>
    audit.together(async (db, record) => {
      const after = await applied(storeOn(db), row, {
        content,
        switches: changedSwitches(row, body),
        nowMs: clock.nowMs(),
      });
      const facts = changedFacts(providerFacts(row), providerFacts(after));
      const typed = Object.keys(body.fields ?? {}).sort();
      const said = typed.length === 0 ? facts.after : { ...facts.after, typedFields: typed };
      const target = providerTarget(after);
      await record({ actor, action: "provider.change", target, before: facts.before, after: said });
      return after;
    }),
  );
  await gateway.apply();
  const reason = Object.keys(body).sort().join(",");
  note("provider.key_changed", { provider: row.slug, userId: account.userId, requestId: visitor.requestId, reason });
  return changed;
}

const CHANGED_MEANWHILE = "Somebody else has just changed this provider. Look at it again, and repeat your change.";

/** What a change makes of the stored content; null when it leaves it alone. */
async function changedContent(
  { store, gateway }: ProviderHandlerDeps,
  row: ProviderKeyRow,
  body: Pick<HandlerInput<"updateProviderKey">["body"], "fields" | "name" | "models">,
): Promise<ProviderKeyContent | null> {
  if (body.fields === undefined && body.name === undefined && body.models === undefined) return null;
  const typed = changedProvider(store, row, body.fields ?? {});
  if (typed.baseUrl !== row.base_url) await refuseAddress(gateway, typed);
  const models = body.models === undefined ? modelsOf(row) : listOrNull(body.models);
  return { ...contentOf(typed), name: body.name ?? row.name, models };
}

/** Those that the row does not have already; null when there are none. */
function changedSwitches(
  row: ProviderKeyRow,
  { disabled, weight, priority }: Pick<HandlerInput<"updateProviderKey">["body"], "disabled" | "weight" | "priority">,
): ProviderKeySwitches | null {
  const isDisabled = row.disabled_at !== null;
  const switches = {
    ...(disabled === undefined || disabled === isDisabled ? {} : { isDisabled: disabled }),
    ...(weight === undefined || weight === row.weight ? {} : { weight }),
    ...(priority === undefined || priority === row.priority ? {} : { priority }),
  };
  return Object.keys(switches).length === 0 ? null : switches;
}

/** The row after the change. Throws conflict when somebody else was faster. */
async function applied(
  store: ProviderKeyStore,
  row: ProviderKeyRow,
  change: { content: ProviderKeyContent | null; switches: ProviderKeySwitches | null; nowMs: number },
): Promise<ProviderKeyRow> {
  const { content, switches, nowMs } = change;
  let changed = content === null ? row : await store.change(row, content, nowMs);
  if (switches !== null && changed !== null) changed = await store.switch(changed, switches, nowMs);
  if (changed === null) throw new GapuraError("conflict", { values: { reason: CHANGED_MEANWHILE } });
  return changed;
}

function providerTarget({ id }: ProviderKeyRow) {
  return { kind: "provider", id };
}

/** What the audit log says of a provider: what may be shown, and no secret. */
function providerFacts(row: ProviderKeyRow): JsonObject {
  return {
    slug: row.slug,
    type: row.type,
    name: row.name,
    baseUrl: row.base_url,
    label: row.label,
    fields: { ...fieldsOf(row.shown_fields) },
    models: modelsOf(row),
    weight: row.weight,
    priority: row.priority,
    disabled: row.disabled_at !== null,
  };
}

type TestBody =
  | { id: string; fields?: Record<string, string> | undefined }
  | { type: string; slug?: string | undefined; fields: Record<string, string> };

async function candidateOf(store: ProviderKeyStore, body: TestBody): Promise<ProbeCandidate> {
  if ("id" in body) {
    const row = await required(store, body.id);
    const { type, baseUrl, credential } = changedProvider(store, row, body.fields ?? {});
    return { type, baseUrl, credential, slug: row.slug, name: row.name };
  }
  const type = vendorTypeOf(body.type);
  const { name, slug } = vendorOf(type);
  const { baseUrl, credential } = typedProvider(type, body.fields);
  return { type, baseUrl, credential, slug: slug ?? "test", name };
}

async function required(store: ProviderKeyStore, id: string): Promise<ProviderKeyRow> {
  const row = await store.get(id);
  if (row === null) throw new GapuraError("resource_not_found", { values: { what: "This provider" } });
  return row;
}

/** The stored provider with what was typed. One whose key cannot be opened any more can still be typed anew as a whole. */
function changedProvider(store: ProviderKeyStore, row: ProviderKeyRow, typed: Record<string, string>): TypedProvider {
  const type = vendorTypeOf(row.type);
  const secrets = vendorOf(type).fields.filter(isSealed);
  const isTypedAnew = secrets.length > 0 && secrets.every(({ name }) => typed[name] !== undefined);
  return typedProvider(type, typed, openedOrShown(store, row, isTypedAnew));
}

function openedOrShown(store: ProviderKeyStore, row: ProviderKeyRow, isTypedAnew: boolean): StoredProvider {
  const shownFields = fieldsOf(row.shown_fields);
  const stored = { baseUrl: row.base_url, shownFields };
  if (isTypedAnew) return { ...stored, fields: shownFields };
  try {
    return { ...stored, fields: store.open(row) };
  } catch (error) {
    throw translated(row.slug, error);
  }
}

async function storing<Result>(slug: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translated(slug, error);
  }
}

function translated(slug: string, error: unknown): unknown {
  if (error instanceof NoKeyError) return new GapuraError("encryption_key_missing");
  if (error instanceof EnvelopeError) return new GapuraError("provider_key_locked", { values: { provider: slug } });
  return error;
}

async function refuseAddress(gateway: ProviderPort, { baseUrl }: TypedProvider): Promise<void> {
  const problem = await gateway.addressProblem(baseUrl);
  if (problem !== null) throw invalid([problemAt(BASE_URL_FIELD, "address", problem)]);
}

function taken(slug: string, holder: string): GapuraError {
  const problem = `${slug} is taken by ${holder}; choose another`;
  return invalid([{ field: "slug", code: "taken", problem }]);
}

function contentOf({ baseUrl, fields, shownFields, label }: TypedProvider) {
  return { baseUrl, fields, shownFields, label };
}

function listOrNull(models: readonly string[] | null | undefined): readonly string[] | null {
  return models === null || models === undefined || models.length === 0 ? null : models;
}

function vendorView(type: VendorType): VendorView {
  const { name, slug, baseUrl, keyPageUrl, fields } = vendorOf(type);
  const views = fields.map(({ name: field, label, kind, isRequired, example, help }) => ({
    name: field,
    label,
    kind,
    required: isRequired,
    example,
    help,
  }));
  return { type, name, slug, baseUrl, keyPageUrl, fields: views };
}

function keyView(row: ProviderKeyRow): ProviderKeyView {
  return {
    id: row.id,
    type: row.type,
    slug: row.slug,
    name: row.name,
    baseUrl: row.base_url,
    label: row.label,
    fields: fieldsOf(row.shown_fields),
    models: modelsOf(row),
    weight: row.weight,
    priority: row.priority,
    disabled: row.disabled_at !== null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
