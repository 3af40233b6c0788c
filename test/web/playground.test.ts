/** Calls of the Playground: a session may use a key of its own, and nothing that bounds the key is passed by. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { startServer, type TestServer } from "../support/server.ts";
import type { Visitor } from "../support/visitor.ts";

let server: TestServer;
let person: Visitor;
let stranger: Visitor;

beforeAll(async () => {
  server = await startServer();
  person = await server.visitor().join("siti@example.com");
  stranger = await server.visitor().join("budi@example.com");
});
afterAll(() => server.stop());

const body = (more: object = {}) => ({
  model: "sandbox/chat",
  messages: [{ role: "user", content: "Hello" }],
  ...more,
});
const codeOf = (answer: { body: { error: { metadata: { error_code: string } } } }) =>
  answer.body.error.metadata.error_code;

test("a session talks to a model with its own key, and the request is recorded as that key's", async () => {
  const { id } = await person.createKey("Mine");
  const streamed = await person.call(`/api/dashboard/playground/${id}/chat`, {
    body: body({ stream: true }),
    headers: { "x-title": "Playground" },
  });
  expect(streamed.status).toBe(200);
  expect(streamed.body).toEndWith("data: [DONE]\n\n");
  expect(streamed.headers.get("access-control-allow-origin")).toBeNull();
  const { rows } = (await person.dashboard(`/activity?keyId=${id}`)).body;
  expect(rows).toMatchObject([{ keyId: id, status: 200, app: "Playground", streamed: true }]);
});

test("a key of somebody else, a deleted one and a management key are of no use there", async () => {
  const { id } = await person.createKey("Not yours");
  const asked = await stranger.dashboard(`/playground/${id}/chat`, body());
  expect([asked.status, codeOf(asked)]).toEqual([404, "resource_not_found"]);
  await person.dashboard(`/keys/${id}`, undefined, "DELETE");
  expect((await person.dashboard(`/playground/${id}/chat`, body())).status).toBe(404);
  const made = await person.dashboard("/keys", { name: "Manages", kind: "management" });
  const managed = await person.dashboard(`/playground/${made.body.key.id}/chat`, body());
  expect(codeOf(managed)).toBe("management_key_refused");
});

test("what the key is bound to holds: its state, its addresses, its models and its caps", async () => {
  const { id } = await person.createKey("Bound");
  const ask = async () => {
    const answer = await person.dashboard(`/playground/${id}/chat`, body());
    return answer.status === 200 ? "answered" : codeOf(answer);
  };
  expect(await ask()).toBe("answered");
  await person.dashboard(`/keys/${id}`, { allowedAddresses: ["203.0.113.0/24"] }, "PATCH");
  expect(await ask()).toBe("address_not_allowed");
  await person.dashboard(`/keys/${id}`, { allowedAddresses: null, allowedModels: ["acme/*"] }, "PATCH");
  expect(await ask()).toBe("model_not_allowed");
  await person.dashboard(`/keys/${id}`, { allowedModels: null, rpm: 1 }, "PATCH");
  expect(await ask()).toBe("answered");
  expect(await ask()).toBe("request_rate_reached");
  await person.dashboard(`/keys/${id}`, { rpm: null, disabled: true }, "PATCH");
  expect(await ask()).toBe("disabled_key");
});

test("without a session, or from another site, nobody gets to a model", async () => {
  const { id, secret } = await person.createKey("Guarded");
  const path = `/api/dashboard/playground/${id}/chat`;
  const withKey = await server.visitor().call(path, { body: body(), headers: { authorization: `Bearer ${secret}` } });
  expect(withKey.status).toBe(401);
  const crossSite = await person.call(path, { body: body(), headers: { origin: "https://evil.example.com" } });
  expect(crossSite.status).toBe(403);
});
