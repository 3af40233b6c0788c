/** Everything that the OpenAPI document names, called with rubbish. The figures, and how long anybody waits: bench/fuzz. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { hostileBodies } from "../support/fuzz/hostile.ts";
import { randomFrom } from "../support/fuzz/random.ts";
import { fuzzerFor } from "../support/fuzz/requests.ts";
import { startServer, type TestServer } from "../support/server.ts";

const SEED = 20261124;
const MODEL = "gpt-3.5";
let server: TestServer;
let keys: { good: string[]; bad: string[] };

beforeAll(async () => {
  server = await startServer();
  const owner = await server.visitor().join("owner@example.com");
  const { secret: key } = await owner.createKey();
  keys = { good: [key], bad: [createApiKey("inference").key, "gpr_x", "\u00ff", `${key}x`, "'; --"] };
});
afterAll(() => server.stop());

async function answered(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
  const answer = await fetch(server.url + path, { ...init, redirect: "manual", signal: AbortSignal.timeout(30_000) });
  return { status: answer.status, text: await answer.text() };
}

test("no request made from the OpenAPI document, right or wrong, is answered with a 5xx", async () => {
  const document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as Record<string, unknown>;
  const fuzzer = fuzzerFor(document, { random: randomFrom(SEED), keys, model: MODEL });
  const failures: unknown[] = [];
  for (let round = 0; round < fuzzer.operations.length * 25; round++) {
    const { method, path, headers, body } = fuzzer.next();
    const { status, text } = await answered(path, { method, headers, body });
    if (status >= 500)
      failures.push({
        round,
        method,
        path,
        status,
        sent: body && new TextDecoder().decode(body).slice(0, 500),
        text: text.slice(0, 300),
      });
  }
  expect(failures).toEqual([]);
});

test("every hostile body gets an answer below 500 from every operation that takes one, in its own words", async () => {
  const document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const paths = Object.entries(document.paths).filter(([path, item]) => "post" in item && !path.includes("{"));
  expect(paths.length).toBeGreaterThan(0);
  for (const [path] of paths) {
    for (const body of hostileBodies(MODEL)) {
      const headers = { authorization: `Bearer ${keys.good[0]}`, "content-type": "application/json" };
      const { status, text } = await answered(path, { method: "POST", headers, body });
      const sent = new TextDecoder().decode(body).slice(0, 80);
      expect([path, sent, status < 500, text !== ""]).toEqual([path, sent, true, true]);
    }
  }
});
