/** Everybody who may knock, as the headers, cookies and query they come with. */
import { createApiKey, type NewApiKey } from "../../src/kernel/api-key.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createKeyStore } from "../../src/storage/stores/keys.ts";
import { managementKey } from "../support/keys.ts";
import { proofOf } from "../support/proof.ts";
import type { TestServer } from "../support/server.ts";
import { expectStatus, PASSWORD, type Visitor } from "../support/visitor.ts";
import type { PrincipalName } from "./policy.ts";

export interface Principal {
  headers: Record<string, string>;
  /** Added to the path, with its question mark. */
  query?: string;
}

export interface People {
  principals: Record<PrincipalName, Principal>;
  owner: Visitor;
  member: Visitor;
  /** What belongs to the owner: nobody else may see or change it. */
  ownersKeyId: string;
}

export async function everybody(server: TestServer): Promise<People> {
  const owner = await server.visitor().join("owner@example.com");
  const member = await server.visitor().join("member@example.com");
  const ownersKey = await owner.createKey("The owner's");
  const ownersManagement = await managementKey(owner);
  const memberId = (await member.dashboard("/account")).body.id;

  const left = await server.visitor().join("left@example.com");
  const endedCookie = left.cookie;
  expectStatus(await left.dashboard("/account/logout", {}), 200);

  const stranger = server.visitor();
  await stranger.signUp("unverified@example.com");
  // Refused, so there is no session; the jar holds whatever the server set all the same.
  await stranger.login("unverified@example.com", PASSWORD);

  const stale = server.visitor();
  expectStatus(await stale.login("owner@example.com"), 200);
  await proofOf(server, stale, 0);

  const keys = await madeKeys(server, memberId);
  const bearer = (key: string): Principal => ({ headers: { authorization: `Bearer ${key}` } });
  return {
    owner,
    member,
    ownersKeyId: ownersKey.id,
    principals: {
      nobody: { headers: {} },
      malformedKey: bearer("gpr_thisIsNotAKey"),
      unknownKey: bearer(createApiKey("inference").key),
      deletedKey: bearer(keys.deleted.key),
      disabledKey: bearer(keys.disabled.key),
      expiredKey: bearer(keys.expired.key),
      inferenceKey: bearer(keys.inference.key),
      managementKey: bearer(keys.management.key),
      ownersManagementKey: bearer(ownersManagement.secret),
      keyInQuery: { headers: {}, query: `?key=${keys.inference.key}&api_key=${keys.inference.key}` },
      keyInCookie: {
        headers: { cookie: `gapura_session=${keys.inference.key}; authorization=Bearer ${keys.inference.key}` },
      },
      forgedSession: {
        headers: { cookie: "gapura_session=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbb" },
      },
      endedSession: { headers: { cookie: endedCookie } },
      unverifiedPerson: { headers: stranger.cookie === "" ? {} : { cookie: stranger.cookie } },
      member: { headers: { cookie: member.cookie } },
      owner: { headers: { cookie: owner.cookie } },
      staleOwner: { headers: { cookie: stale.cookie } },
      personBehindProxy: { headers: { cookie: member.cookie, "x-forwarded-for": "203.0.113.7" } },
    },
  };
}

type KeyNames = "inference" | "management" | "deleted" | "disabled" | "expired";

/** Keys in every state, written beside the running server as the command line does. */
async function madeKeys(server: TestServer, userId: string): Promise<Record<KeyNames, NewApiKey>> {
  const storage = await openStorage({ dataDir: server.dataDir });
  try {
    const store = createKeyStore(storage.db);
    const nowMs = Date.now();
    const make = async (kind: NewApiKey["kind"], expiresAt: number | null): Promise<NewApiKey> => {
      const key = createApiKey(kind);
      await store.create(key, { userId, name: "Matrix", expiresAt }, nowMs);
      return key;
    };
    const keys = {
      inference: await make("inference", null),
      management: await make("management", null),
      deleted: await make("inference", null),
      disabled: await make("inference", null),
      expired: await make("inference", nowMs - 1000),
    };
    await store.delete(userId, keys.deleted.publicId, nowMs);
    await store.update(userId, keys.disabled.publicId, { disabled: true }, nowMs);
    return keys;
  } finally {
    await storage.close();
  }
}
