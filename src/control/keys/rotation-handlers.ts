/** Rotation in the dashboard, and its twin in the key API. */
import type { Clock } from "../../kernel/clock.ts";
import type { KeyWithUsage } from "../../storage/stores/key-usage.ts";
import type { KeyStore } from "../../storage/stores/keys.ts";
import { keyActor, personActor } from "../audit/actor.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";
import type { KeyAdministration } from "./key-administration.ts";
import { keyNotFound, requireFuture } from "./key-changes.ts";
import { administeredKey, dashboardKey } from "./key-view.ts";
import { keyWithin } from "./key-within.ts";
import { rotationOf } from "./rotation.ts";

export interface RotationHandlerDeps {
  keys: KeyStore;
  administration: KeyAdministration;
  clock: Clock;
}

type RotationOperations = "rotateKey" | "endFormerSecret" | "rotateApiKey" | "endFormerApiSecret";

export function rotationHandlers({ keys, administration, clock }: RotationHandlerDeps): Handlers<RotationOperations> {
  const own = (account: SignedIn, id: string) => keyWithin(keys, account, { id, nowMs: clock.nowMs() });
  const administered = async (userId: string, hash: string) =>
    found(await keys.getAdministered(userId, hash, clock.nowMs()));
  return {
    rotateKey: async ({ account, params: { id }, body, visitor }) => {
      const nowMs = clock.nowMs();
      const key = await own(account, id);
      requireFuture("expiresAt", body.expiresAt ?? null, nowMs);
      const { overlapSeconds, expiresAt } = body;
      const rotation = rotationOf({ key, overlapSeconds, expiresAt }, nowMs);
      await administration.rotate(personActor(account.userId, visitor), { userId: account.accountId, id }, rotation);
      return { body: { key: dashboardKey(await own(account, id), nowMs), secret: rotation.made.key } };
    },
    endFormerSecret: async ({ account, params: { id }, visitor }) => {
      await own(account, id);
      await administration.endFormer(personActor(account.userId, visitor), { userId: account.accountId, id });
      return { body: dashboardKey(await own(account, id), clock.nowMs()) };
    },
    rotateApiKey: async ({ key: { id: callerId, userId }, params: { hash }, body, visitor }) => {
      const nowMs = clock.nowMs();
      const key = await administered(userId, hash);
      requireFuture("expires_at", body.expires_at ?? null, nowMs);
      const { overlap_seconds: overlapSeconds, expires_at: expiresAt } = body;
      const rotation = rotationOf({ key, overlapSeconds, expiresAt }, nowMs);
      await administration.rotate(keyActor(callerId, visitor), { userId, id: key.id }, rotation);
      return { body: { data: administeredKey(await administered(userId, hash)), key: rotation.made.key } };
    },
    endFormerApiSecret: async ({ key: { id: callerId, userId }, params: { hash }, visitor }) => {
      const { id } = await administered(userId, hash);
      await administration.endFormer(keyActor(callerId, visitor), { userId, id });
      return { body: { data: administeredKey(await administered(userId, hash)) } };
    },
  };
}

function found(key: KeyWithUsage | null): KeyWithUsage {
  if (key === null) throw keyNotFound();
  return key;
}
