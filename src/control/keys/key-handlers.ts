/** API keys of the signed-in person. */
import type { ApiKeyRow } from "../../contract/schemas/keys.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { UNUSED } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers } from "../http/handler.ts";
import type { KeyAdministration } from "./key-administration.ts";
import { keyNotFound, namedCaps, requireFuture } from "./key-changes.ts";
import { dashboardKey } from "./key-view.ts";

export interface KeyHandlerDeps {
  keys: KeyStore;
  administration: KeyAdministration;
  clock: Clock;
  /** Throws fresh_proof_needed where the last proof of a session is too old. */
  refuseStale(sessionId: string): Promise<void>;
}

type KeyOperations = "listKeys" | "createKey" | "getKey" | "updateKey" | "deleteKey";

export function keyHandlers(deps: KeyHandlerDeps): Handlers<KeyOperations> {
  const { keys, administration, clock } = deps;
  const shown = async (userId: string, id: string): Promise<ApiKeyRow> => {
    const nowMs = clock.nowMs();
    const key = await keys.get(userId, id, nowMs);
    if (key === null) throw keyNotFound();
    return dashboardKey(key, nowMs);
  };
  return {
    listKeys: async ({ account, query }) => {
      const nowMs = clock.nowMs();
      const { q: search, sort: order, cursor, limit } = query;
      const page = await keys.list(account.userId, { search, order, cursor, limit, nowMs });
      const { nextCursor, total } = page;
      return { body: { keys: page.keys.map((key) => dashboardKey(key, nowMs)), nextCursor, total } };
    },
    createKey: async ({ account, body, visitor }) => {
      // It rotates and changes every other key, and is never asked for a proof itself.
      if (body.kind === "management") await deps.refuseStale(account.sessionId);
      const nowMs = clock.nowMs();
      const { name, limitUsd: limitNano, limitReset, allowedAddresses: allowedNetworks } = body;
      const expiresAt = requireFuture("expiresAt", body.expiresAt ?? null, nowMs);
      const made = createApiKey(body.kind);
      const bounds = { expiresAt, limitNano, limitReset, rateCaps: namedCaps(body), allowedNetworks };
      const owner = { userId: account.userId, name, ...bounds };
      const row = await administration.create(personActor(account.userId, visitor), made, owner);
      return { body: { key: dashboardKey({ ...row, ...UNUSED }, nowMs), secret: made.key } };
    },
    getKey: async ({ account, params }) => ({ body: await shown(account.userId, params.id) }),
    updateKey: async ({ account: { userId }, params, body, visitor }) => {
      const { limitUsd: limitNano, rpm, tpm, parallel, allowedAddresses: allowedNetworks, ...rest } = body;
      requireFuture("expiresAt", body.expiresAt ?? null, clock.nowMs());
      const changes = { ...rest, limitNano, rateCaps: namedCaps({ rpm, tpm, parallel }), allowedNetworks };
      await administration.change(personActor(userId, visitor), { userId, id: params.id }, changes);
      return { body: await shown(userId, params.id) };
    },
    deleteKey: async ({ account: { userId }, params, visitor }) => {
      await administration.delete(personActor(userId, visitor), { userId, id: params.id });
      return { body: { deleted: true } };
    },
  };
}
