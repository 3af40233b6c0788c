/** API keys of the signed-in person. */
import { type ApiKeyRow, BOUNDS, UNBOUNDED } from "../../contract/schemas/keys.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { UNUSED } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import type { Handlers } from "../http/handler.ts";
import { announced, fieldProblem, keyNotFound, namedCaps, type OnKeyChanged, requireFuture } from "./key-changes.ts";
import { dashboardKey } from "./key-view.ts";

export interface KeyHandlerDeps {
  keys: KeyStore;
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

type KeyOperations = "listKeys" | "createKey" | "getKey" | "updateKey" | "deleteKey";

export function keyHandlers({ keys, clock, onKeyChanged }: KeyHandlerDeps): Handlers<KeyOperations> {
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
    createKey: async ({ account, body }) => {
      const nowMs = clock.nowMs();
      const { name, limitUsd: limitNano, limitReset, allowedAddresses: allowedNetworks } = body;
      const expiresAt = requireFuture("expiresAt", body.expiresAt ?? null, nowMs);
      const made = createApiKey(body.kind);
      const bounds = { expiresAt, limitNano, limitReset, rateCaps: namedCaps(body), allowedNetworks };
      const row = await keys.create(made, { userId: account.userId, name, ...bounds }, nowMs);
      onKeyChanged(row);
      return { body: { key: dashboardKey({ ...row, ...UNUSED }, nowMs), secret: made.key } };
    },
    getKey: async ({ account, params }) => ({ body: await shown(account.userId, params.id) }),
    updateKey: async ({ account, params, body }) => {
      const { limitUsd: limitNano, rpm, tpm, parallel, allowedAddresses: allowedNetworks, ...rest } = body;
      const before = await shown(account.userId, params.id);
      const bound = BOUNDS.find((field) => body[field] != null);
      if (before.kind === "management" && bound !== undefined) throw fieldProblem(bound, UNBOUNDED);
      const nowMs = clock.nowMs();
      requireFuture("expiresAt", body.expiresAt ?? null, nowMs);
      const changes = { ...rest, limitNano, rateCaps: namedCaps({ rpm, tpm, parallel }), allowedNetworks };
      announced(await keys.update(account.userId, params.id, changes, nowMs), onKeyChanged);
      return { body: await shown(account.userId, params.id) };
    },
    deleteKey: async ({ account, params }) => {
      announced(await keys.delete(account.userId, params.id, clock.nowMs()), onKeyChanged);
      return { body: { deleted: true } };
    },
  };
}
