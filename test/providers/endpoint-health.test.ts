/** What is published of how an endpoint has been doing, over real HTTP. */
import { afterEach, expect, test } from "bun:test";
import { chunk, eventStream, usageEvent } from "../support/data-plane.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let upstream: Bun.Server<undefined>;
afterEach(async () => {
  await server.stop();
  await upstream.stop(true);
});

interface Shown {
  status: number;
  uptime_last_5m: number | null;
  uptime_last_30m: number | null;
  uptime_last_1d: number | null;
  latency_last_30m: Record<string, number> | null;
  throughput_last_30m: Record<string, number> | null;
}

test("an endpoint's uptime is shown to everybody and its percentiles to whoever has a key, and it goes down when it fails", async () => {
  let isBroken = false;
  const words = `${chunk({ content: "Halo" })}${chunk({}, { finish_reason: "stop" })}${usageEvent}data: [DONE]\n\n`;
  upstream = Bun.serve({
    port: 0,
    fetch: ({ url }) => {
      if (url.endsWith("/models")) return Response.json({ data: [{ id: "acme/m" }] });
      return isBroken ? new Response("no", { status: 500 }) : new Response(words, eventStream);
    },
  });
  const file = `providers:\n  - { type: openai-compatible, slug: lab, baseUrl: "http://127.0.0.1:${upstream.port}/v1", models: [acme/m] }\n`;
  server = await startServer({ ALLOW_PRIVATE_UPSTREAM: `127.0.0.1:${upstream.port}` }, undefined, file);
  const { secret } = await (await server.visitor().join("siti@example.com")).createKey();
  const authorization = `Bearer ${secret}`;
  const ask = async () => {
    const body = JSON.stringify({ model: "acme/m", stream: true, messages: [{ role: "user", content: "Halo" }] });
    const headers = { authorization, "content-type": "application/json" };
    await (await fetch(`${server.url}/api/v1/chat/completions`, { method: "POST", headers, body })).text();
  };
  const shown = async (headers: Record<string, string> = {}) => {
    const answer = await fetch(`${server.url}/api/v1/models/acme/m/endpoints`, { headers });
    return ((await answer.json()) as { data: { endpoints: [Shown] } }).data.endpoints[0];
  };
  const nothing = { uptime_last_5m: null, uptime_last_30m: null, uptime_last_1d: null };
  expect(await shown({ authorization })).toMatchObject({ status: 0, ...nothing, latency_last_30m: null });
  for (let one = 0; one < 20; one++) await ask();
  const known = await shown({ authorization });
  expect(known).toMatchObject({ status: 0, uptime_last_5m: 100, uptime_last_30m: 100, uptime_last_1d: 100 });
  expect(Object.keys(known.latency_last_30m ?? {})).toEqual(["p50", "p75", "p90", "p99"]);
  for (const headers of [{}, { authorization: "Bearer gpr_wrong" }]) {
    expect(await shown(headers)).toMatchObject({ uptime_last_5m: 100, latency_last_30m: null });
  }
  isBroken = true;
  for (let one = 0; one < 30; one++) await ask();
  const failing = await shown();
  expect(failing.status).toBeLessThan(0);
  expect(failing.uptime_last_5m).toBeLessThan(70);
});
