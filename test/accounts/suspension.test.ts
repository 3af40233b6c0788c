import { afterAll, beforeAll, expect, test } from "bun:test";
import { bearer } from "../support/keys.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectStatus, type Visitor } from "../support/visitor.ts";

let server: TestServer;
let owner: Visitor;
let member: Visitor;
beforeAll(async () => {
  server = await startServer();
  owner = await server.visitor().join("siti@example.com");
  member = await server.visitor().join("budi@example.com");
});
afterAll(() => server.stop());

/** The first portion of a stream, and how to read what follows until its end. */
async function follow(path: string, init: RequestInit) {
  const { body } = await fetch(`${server.url}${path}`, init);
  if (body === null) throw new Error("a stream has a body");
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  const rest = async () => {
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    return text;
  };
  return { first: first.value ?? "", rest };
}

test("a suspension ends the answer that is being given, the page that watches, and every session", async () => {
  const { secret } = await member.createKey("Bot");
  const { id } = expectStatus(await member.dashboard("/account"), 200).body;
  // Ten minutes long, were it not for the suspension.
  const messages = [{ role: "user", content: "[sandbox: chunks=1000 token_delay=600ms] Count" }];
  const answer = await follow("/api/v1/chat/completions", {
    method: "POST",
    headers: { ...bearer(secret), "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox/chat", stream: true, messages }),
  });
  const watching = await follow("/api/dashboard/activity-stream", { headers: { cookie: member.jar } });
  expect(watching.first).toBe("retry: 2000\n\n");
  expectStatus(await owner.dashboard(`/administration/people/${id}/suspension`, undefined, "POST"), 200);
  expect(await answer.rest()).toContain("account_inactive");
  await watching.rest();
  expect((await member.dashboard("/account")).body.error.metadata.error_code).toBe("not_signed_in");
  expect((await member.login("budi@example.com")).body.error.metadata.error_code).toBe("account_inactive");
  expectStatus(await owner.dashboard(`/administration/people/${id}/suspension`, undefined, "DELETE"), 200);
  expectStatus(await member.login("budi@example.com"), 200);
}, 120_000);
