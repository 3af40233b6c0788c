/** Addresses as programs join them from a base URL and a path, and lists as their types want them. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { sendRaw } from "../support/raw-http.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let key = "";

beforeAll(async () => {
  server = await startServer({});
  key = (await (await server.visitor().join("owner@example.com")).createKey()).secret;
});
afterAll(() => server.stop());

const BODY = JSON.stringify({
  model: "gpt-3.5",
  max_tokens: 5,
  messages: [{ role: "user", content: "Halo" }],
});

async function status(method: string, path: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return (await sendRaw(server.url, { method, path, headers, ...(method === "POST" ? { body: BODY } : {}) })).status;
}

test("a slash too many in the address of the API changes nothing", async () => {
  for (const path of [
    "/api/v1/chat/completions/",
    "/api/v1//chat/completions",
    "//api/v1/chat/completions",
    "/v1/chat/completions/?x=1",
    "/api//v1/messages?beta=true",
  ]) {
    expect([path, await status("POST", path)]).toEqual([path, 200]);
  }
  for (const path of ["/api/v1/models/", "//v1/models", "/api/v1//models?limit=1", "/api/v1/key/"]) {
    expect([path, await status("GET", path)]).toEqual([path, 200]);
  }
});

test("no other address is tidied", async () => {
  for (const path of ["/api/dashboard//account", "/api/dashboard/account/", "/api/v1/no/", "/api/V1/models/"]) {
    expect([path, await status("GET", path)]).toEqual([path, 404]);
  }
});

test("an address with a base URL too much says which base URL is right", async () => {
  const answer = await sendRaw(server.url, { method: "POST", path: "/api/v1/v1/messages", body: BODY });
  expect([answer.status, answer.body]).toEqual([404, expect.stringContaining("ends with /api.")]);
});

test("the list of models is one that typed clients of OpenAI's API read, too", async () => {
  const { body } = await server.visitor().call("/v1/models");
  expect(body).toMatchObject({ object: "list", data: [{ object: "model", owned_by: "sandbox" }, {}] });
});
