/** API keys of the account that is worked in. */
import { RIGHTS } from "../../contract/roles.ts";
import type { ApiKeyRow } from "../../contract/schemas/keys.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { UNUSED } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import { memberFilter } from "../http/member-filter.ts";
import { type Models, meantModels } from "./allowed-models.ts";
import type { KeyAdministration } from "./key-administration.ts";
import { namedCaps, requireFuture } from "./key-changes.ts";
import { dashboardKey } from "./key-view.ts";
import { keyWithin } from "./key-within.ts";

export interface KeyHandlerDeps {
  keys: KeyStore;
  administration: KeyAdministration;
  models: Models;
  clock: Clock;
  /** Throws fresh_proof_needed where the last proof of a session is too old. */
  refuseStale(sessionId: string): Promise<void>;
}

type KeyOperations = "listKeys" | "createKey" | "getKey" | "updateKey" | "deleteKey";

export function keyHandlers(deps: KeyHandlerDeps): Handlers<KeyOperations> {
  const { keys, administration, clock } = deps;
  const shown = async (account: SignedIn, id: string): Promise<ApiKeyRow> => {
    const nowMs = clock.nowMs();
    return dashboardKey(await keyWithin(keys, account, { id, nowMs }), nowMs);
  };
  return {
    listKeys: async ({ account, query }) => {
      const nowMs = clock.nowMs();
      const { q: search, sort: order, state, cursor, limit } = query;
      const madeBy = memberFilter(query.member, account.onlyBy);
      const page = await keys.list(account.accountId, { search, order, state, cursor, limit, madeBy, nowMs });
      const { nextCursor, total } = page;
      return { body: { keys: page.keys.map((key) => dashboardKey(key, nowMs)), nextCursor, total } };
    },
    createKey: async ({ account, body, visitor }) => {
      // What administers all keys is for whoever may do that.
      if (body.kind === "management" && RIGHTS.manage[account.teamRole] === "none")
        throw new GapuraError("role_too_low", { values: { role: account.teamRole } });
      // It rotates and changes every other key, and is never asked for a proof itself.
      if (body.kind === "management") await deps.refuseStale(account.sessionId);
      const nowMs = clock.nowMs();
      const { name, limitUsd: limitNano, limitReset, allowedAddresses: allowedNetworks } = body;
      const expiresAt = requireFuture("expiresAt", body.expiresAt ?? null, nowMs);
      const made = createApiKey(body.kind);
      const allowedModels = meantModels(deps.models, "allowedModels", body.allowedModels);
      const bounds = { expiresAt, limitNano, limitReset, rateCaps: namedCaps(body), allowedNetworks, allowedModels };
      const owner = { userId: account.accountId, createdBy: account.userId, name, ...bounds };
      const row = await administration.create(personActor(account.userId, visitor), made, owner);
      return { body: { key: dashboardKey({ ...row, ...UNUSED }, nowMs), secret: made.key } };
    },
    getKey: async ({ account, params }) => ({ body: await shown(account, params.id) }),
    updateKey: async ({ account, params, body, visitor }) => {
      const { limitUsd: limitNano, rpm, tpm, parallel, allowedAddresses: allowedNetworks, ...rest } = body;
      const { accountId: userId } = account;
      await keyWithin(keys, account, { id: params.id, nowMs: clock.nowMs() });
      requireFuture("expiresAt", body.expiresAt ?? null, clock.nowMs());
      const allowedModels = meantModels(deps.models, "allowedModels", body.allowedModels);
      const rateCaps = namedCaps({ rpm, tpm, parallel });
      const changes = { ...rest, limitNano, rateCaps, allowedNetworks, allowedModels };
      await administration.change(personActor(account.userId, visitor), { userId, id: params.id }, changes);
      return { body: await shown(account, params.id) };
    },
    deleteKey: async ({ account, params: { id }, visitor }) => {
      await keyWithin(keys, account, { id, nowMs: clock.nowMs() });
      await administration.delete(personActor(account.userId, visitor), { userId: account.accountId, id });
      return { body: { deleted: true } };
    },
  };
}
