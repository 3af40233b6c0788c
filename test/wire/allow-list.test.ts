/** Allow-lists of addresses over real HTTP: who is not on the list does not get in, whatever they write. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { bearer } from "../support/keys.ts";
import { sendRaw } from "../support/raw-http.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectStatus, until, type Visitor } from "../support/visitor.ts";
import { ALLOWED, type Disguise, disguises, FRIEND, honest, PROXIES, STRANGER } from "./caller-corpus.ts";

const HEADERS = [...new Set(disguises.map(({ named }) => named))];

interface Gate {
  server: TestServer;
  owner: Visitor;
  key: { id: string; secret: string };
}

/** A server for each header that an operator may name, and one without any trusted proxy. */
const gates = new Map<string | null, Gate>();

beforeAll(async () => {
  for (const named of HEADERS) {
    const proxies = named === null ? {} : { TRUSTED_PROXIES: PROXIES, PROXY_ADDRESS_HEADER: named };
    const server = await startServer(proxies);
    const owner = await server.visitor().join("owner@example.com");
    const key = await owner.createKey("Office");
    expectStatus(await owner.dashboard(`/keys/${key.id}`, { allowedAddresses: ALLOWED }, "PATCH"), 200);
    gates.set(named, { server, owner, key });
  }
});
afterAll(async () => {
  for (const { server } of gates.values()) await server.stop();
});

function gateOf(named: string | null): Gate {
  const gate = gates.get(named);
  if (!gate) throw new Error(`no server reads ${named}`);
  return gate;
}

async function statusOf({ lines, named }: Disguise): Promise<number> {
  const { server, key } = gateOf(named);
  return (await sendRaw(server.url, { method: "GET", path: "/api/v1/key", headers: bearer(key.secret), lines })).status;
}

test("no disguise of the corpus gets in, and everybody on the list does", async () => {
  expect(disguises.length).toBeGreaterThanOrEqual(60);
  const bypasses: string[] = [];
  for (const disguise of disguises) {
    const status = await statusOf(disguise);
    if (status !== 403) bypasses.push(`${disguise.title}: ${status}`);
  }
  expect(bypasses).toEqual([]);
  for (const call of honest) expect([call.title, await statusOf(call)]).toEqual([call.title, 200]);
});

describe("a refusal", () => {
  const body = JSON.stringify({ model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] });
  const paths = [
    "chat/completions",
    "completions",
    "responses",
    "messages",
    "messages/count_tokens",
    "embeddings",
    "rerank",
  ];

  test("is 403 in every dialect, with the caller's address and what to do, before the body is looked at", async () => {
    const { server, key } = gateOf("x-forwarded-for");
    for (const path of paths.flatMap((one) => [`/api/v1/${one}`, `/v1/${one}`])) {
      const lines = [`x-forwarded-for: ${STRANGER}`, "content-type: application/json"];
      const answer = await sendRaw(server.url, { method: "POST", path, headers: bearer(key.secret), lines, body });
      expect([path, answer.status]).toEqual([path, 403]);
      const { error, metadata } = JSON.parse(answer.body);
      expect(error.message).toContain(`may not be used from the address ${STRANGER}`);
      expect((error.metadata ?? metadata).error_code).toBe("address_not_allowed");
    }
  });

  test("holds for the key's other doors too: x-api-key, and the APIs that administer", async () => {
    const { server, owner, key } = gateOf("x-forwarded-for");
    const lines = [`x-forwarded-for: ${STRANGER}`, "content-type: application/json"];
    const headers = { "x-api-key": key.secret };
    expect((await sendRaw(server.url, { method: "POST", path: "/v1/messages", headers, lines, body })).status).toBe(
      403,
    );
    const made = { name: "Admin", kind: "management", allowedAddresses: ALLOWED };
    const { secret } = expectStatus(await owner.dashboard("/keys", made), 201).body;
    for (const path of ["/api/v1/keys", "/api/v1/credits", "/api/v1/activity"]) {
      const answer = await sendRaw(server.url, { method: "GET", path, headers: bearer(secret), lines });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test("leaves no record in the owner's activity, and one line in the log, however often it happens", async () => {
    const { server, owner, key } = gateOf("x-forwarded-for");
    await statusOf({ title: "", lines: [`x-forwarded-for: ${STRANGER}`], named: "x-forwarded-for" });
    const noted = () => server.log.filter((line) => line.includes("key.address_refused") && line.includes(STRANGER));
    await until(async () => noted().length > 0);
    for (let call = 0; call < 20; call++) {
      await statusOf({ title: "", lines: [`x-forwarded-for: ${STRANGER}`], named: "x-forwarded-for" });
    }
    expect(noted().filter((line) => line.includes(key.id))).toHaveLength(1);
    expect((await owner.dashboard(`/activity?keyId=${key.id}`)).body.rows).toEqual([]);
  });
});

describe("lists", () => {
  test("are null for anybody and empty for nobody; a change holds from the next call on", async () => {
    const { server, owner } = gateOf("x-forwarded-for");
    const key = await owner.createKey("Changing");
    const call = async (from: string) => {
      const lines = [`x-forwarded-for: ${from}`];
      return (await sendRaw(server.url, { method: "GET", path: "/api/v1/key", headers: bearer(key.secret), lines }))
        .status;
    };
    const set = (allowedAddresses: string[] | null) =>
      owner
        .dashboard(`/keys/${key.id}`, { allowedAddresses }, "PATCH")
        .then((answer) => expectStatus(answer, 200).body);
    expect(await call(STRANGER)).toBe(200);
    expect((await set([])).allowedAddresses).toEqual([]);
    expect([await call(STRANGER), await call(FRIEND)]).toEqual([403, 403]);
    expect((await set(["203.0.113.99/24", "203.0.113.0/24"])).allowedAddresses).toEqual(["203.0.113.0/24"]);
    expect([await call(STRANGER), await call(FRIEND)]).toEqual([200, 403]);
    expect((await set(null)).allowedAddresses).toBeNull();
    expect([await call(STRANGER), await call(FRIEND)]).toEqual([200, 200]);
  });

  test("of the account hold for all its keys, beside their own, from the next call on", async () => {
    const { server, owner } = gateOf("x-forwarded-for");
    const free = await owner.createKey("Free");
    const bound = await owner.createKey("Bound");
    await owner.dashboard(`/keys/${bound.id}`, { allowedAddresses: [STRANGER] }, "PATCH");
    const call = async (secret: string, from: string) => {
      const lines = [`x-forwarded-for: ${from}`];
      return (await sendRaw(server.url, { method: "GET", path: "/api/v1/key", headers: bearer(secret), lines })).status;
    };
    expect([await call(free.secret, FRIEND), await call(bound.secret, STRANGER)]).toEqual([200, 200]);
    const set = await owner.dashboard("/security/addresses", { allowedAddresses: ["198.51.100.77/24"] }, "PATCH");
    expect(set.body).toEqual({ yourAddress: "127.0.0.1", allowedAddresses: ["198.51.100.0/24"] });
    expect([await call(free.secret, FRIEND), await call(free.secret, STRANGER)]).toEqual([200, 403]);
    expect([await call(bound.secret, STRANGER), await call(bound.secret, FRIEND)]).toEqual([403, 403]);
    await owner.dashboard("/security/addresses", { allowedAddresses: null }, "PATCH");
    expect([await call(free.secret, STRANGER), await call(bound.secret, STRANGER)]).toEqual([200, 200]);
  });

  test("take what a person writes in one form only, and say what is wrong with the rest", async () => {
    const { owner, key } = gateOf(null);
    const set = (allowedAddresses: unknown) => owner.dashboard(`/keys/${key.id}`, { allowedAddresses }, "PATCH");
    for (const wrong of [
      ["10.0.0.0/33"],
      ["example.com"],
      ["010.0.0.1"],
      ["*"],
      [7],
      "10.0.0.0/8",
      new Array(101).fill("::1"),
    ]) {
      const answer = await set(wrong);
      expect([wrong, answer.status]).toEqual([wrong, 400]);
    }
    expect((await set(["10.0.0.0/33"])).body.error.message).toContain("must be an IP address or a network");
    expect((await owner.dashboard(`/keys/${key.id}`)).body.allowedAddresses).toEqual(ALLOWED);
  });

  test("can be set and read through the key API", async () => {
    const { server, owner } = gateOf(null);
    const made = { name: "Admin", kind: "management" };
    const { secret } = expectStatus(await owner.dashboard("/keys", made), 201).body;
    const visitor = server.visitor(bearer(secret));
    const created = await visitor.call("/api/v1/keys", { body: { name: "By API", allowed_addresses: ["::1/128"] } });
    expect([created.status, created.body.data.allowed_addresses]).toEqual([201, ["::1"]]);
    const path = `/api/v1/keys/${created.body.data.hash}`;
    const changed = await visitor.call(path, { method: "PATCH", body: { allowed_addresses: [] } });
    expect([changed.status, changed.body.data.allowed_addresses]).toEqual([200, []]);
    const calling = await server.visitor(bearer(created.body.key)).call("/api/v1/key");
    expect(calling.status).toBe(403);
  });
});

test("an unknown or disabled key is told no more from the wrong address than from the right one", async () => {
  const { server, owner } = gateOf("x-forwarded-for");
  const disabled = await owner.createKey("Off");
  await owner.dashboard(`/keys/${disabled.id}`, { disabled: true, allowedAddresses: [] }, "PATCH");
  for (const secret of [disabled.secret, createApiKey("inference").key]) {
    const lines = [`x-forwarded-for: ${STRANGER}`];
    expect(
      (await sendRaw(server.url, { method: "GET", path: "/api/v1/key", headers: bearer(secret), lines })).status,
    ).toBe(401);
  }
});

test("a proxy that was not named is noticed once in the log", async () => {
  const { server } = gateOf(null);
  for (let call = 0; call < 3; call++) {
    await sendRaw(server.url, {
      method: "GET",
      path: "/api/dashboard/instance",
      lines: [`x-forwarded-for: ${FRIEND}`],
    });
  }
  const warnings = server.log.filter((line) => line.includes("proxy.untrusted"));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("TRUSTED_PROXIES");
});
