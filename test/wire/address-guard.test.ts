/** The outbound client against addresses it must not reach, with real sockets that count who comes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { AddressGuard } from "../../src/gateway/transport/address-guard.ts";
import { isGlobalUnicast } from "../../src/gateway/transport/global-unicast.ts";
import { boundTo, createTransport, type OutboundRequest } from "../../src/gateway/transport/transport.ts";
import { createCertificate } from "../support/certificate.ts";
import { chatOf, startDataPlane } from "../support/data-plane.ts";
import { forbiddenAddresses } from "./address-corpus.ts";

let listener: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  listener = createServer((socket) => {
    connections++;
    socket.on("error", () => {});
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  const begun = Promise.withResolvers<void>();
  listener.listen(0, () => begun.resolve());
  await begun.promise;
  const address = listener.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => void listener.close());

const request = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: "GET",
  url,
  headers: {},
  signal: new AbortController().signal,
  firstByteTimeoutMs: 5_000,
  ...more,
});

test("nothing of the corpus of forbidden addresses is connected to, however it is spelled or resolved", async () => {
  expect(forbiddenAddresses.length).toBeGreaterThanOrEqual(180);
  connections = 0;
  for (const { url, answers } of forbiddenAddresses) {
    const resolve = async () => [...(answers ?? [])];
    const transport = createTransport(new AddressGuard({ allowPrivate: [], resolve }));
    const target = url.replaceAll("PORT", String(port));
    const outcome = await transport.send(request(target)).then(
      (answer) => `answered with ${answer.status}`,
      (error: { kind?: string }) => error.kind,
    );
    const expected = answers?.length === 0 ? "unreachable" : "refused";
    expect([url, outcome]).toEqual([url, expected]);
  }
  expect(connections).toBe(0);
  const open = createTransport(new AddressGuard({ allowPrivate: [`127.0.0.1:${port}`] }));
  expect((await open.send(request(`http://127.0.0.1:${port}/`))).status).toBe(200);
  expect(connections).toBe(1);
});

test("what the system's own resolver finds for a forbidden name is refused as well", async () => {
  connections = 0;
  const transport = createTransport(new AddressGuard({ allowPrivate: [] }));
  for (const host of ["localhost", "localhost.", "LocalHost"]) {
    await expect(transport.send(request(`http://${host}:${port}/`))).rejects.toMatchObject({ kind: "refused" });
  }
  expect(connections).toBe(0);
});

test("a resolver that changes its answer leads nobody to an address that was not checked", async () => {
  const addresses = fc.constantFrom("93.184.216.34", "127.0.0.1", "::1", "10.0.0.1", "2606:4700::1111", "fd00::1");
  const answer = fc.oneof(fc.array(addresses, { maxLength: 3 }), fc.constant("fails" as const));
  const steps = fc.array(fc.record({ answer, waitMs: fc.constantFrom(0, 1, 29_999, 30_000, 599_999, 700_000) }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      let nowMs = 0;
      let current: readonly string[] | "fails" = [];
      const resolve = async () => {
        if (current === "fails") throw new Error("SERVFAIL");
        return [...current];
      };
      const guard = new AddressGuard({ allowPrivate: [], resolve, nowMs: () => nowMs });
      for (const step of sequence) {
        current = step.answer;
        nowMs += step.waitMs;
        const verdict = await guard.locate(new URL("https://moving.example.com/v1"));
        if (verdict.allowed) expect(verdict.addresses.filter((address) => !isGlobalUnicast(address))).toEqual([]);
      }
    }),
  );
});

test("the connection goes to the number that was checked, and no second look-up is made: over http", async () => {
  let lookups = 0;
  const hosts: (string | null)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (incoming) => {
      hosts.push(incoming.headers.get("host"));
      return new Response("here");
    },
  });
  const place = `upstream.example.com:${server.port}`;
  // Only this resolver knows the name, and only once: whoever asks again is told to go to the listener that counts.
  const resolve = async () => (lookups++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]);
  const transport = createTransport(new AddressGuard({ allowPrivate: [place], resolve }));
  for (let round = 0; round < 3; round++) {
    expect(await (await transport.send(request(`http://${place}/v1`))).text()).toBe("here");
  }
  expect([lookups, hosts]).toEqual([1, [place, place, place]]);
  await server.stop(true);
});

test("over https the certificate must be for the name, not for the number that is connected to", async () => {
  const mine = createCertificate("upstream.example.com");
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", tls: mine, fetch: () => new Response("here") });
  const resolve = async () => ["127.0.0.1"];
  const allowPrivate = ["upstream", "other"].map((name) => `${name}.example.com:${server.port}`);
  const guard = new AddressGuard({ allowPrivate: [...allowPrivate, `127.0.0.1:${server.port}`], resolve });
  const trusting = createTransport(guard, { ca: mine.cert });
  const at = (host: string) => request(`https://${host}:${server.port}/v1`);
  expect(await (await trusting.send(at("upstream.example.com"))).text()).toBe("here");
  expect(await (await trusting.send(at("upstream.example.com."))).text()).toBe("here");
  for (const host of ["other.example.com", "127.0.0.1"]) {
    await expect(trusting.send(at(host))).rejects.toMatchObject({ kind: "unreachable" });
  }
  // Without that authority nobody vouches for the certificate, kept connections included.
  const plain = createTransport(guard);
  await expect(plain.send(at("upstream.example.com"))).rejects.toMatchObject({ kind: "unreachable" });
  await server.stop(true);
});

test("where an address of a host does not answer, the next one is tried, and first from then on", async () => {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("here") });
  const place = `upstream.example.com:${server.port}`;
  const guard = new AddressGuard({ allowPrivate: [place], resolve: async () => ["0.0.0.1", "127.0.0.1"] });
  const transport = createTransport(guard);
  expect(await (await transport.send(request(`http://${place}/`))).text()).toBe("here");
  expect(await guard.locate(new URL(`http://${place}/`))).toEqual({
    allowed: true,
    addresses: ["127.0.0.1", "0.0.0.1"],
  });
  await server.stop(true);
});

test("a redirect to a private address is the provider's failure, on every status, and nobody goes there", async () => {
  connections = 0;
  const statuses = [300, 301, 302, 303, 304, 305, 307, 308];
  let next = 0;
  const harness = await startDataPlane(() => {
    const headers = { location: `http://127.0.0.1:${port}/latest/meta-data` };
    return new Response(null, { status: statuses[next++] ?? 302, headers });
  });
  for (const status of statuses) {
    const answer = await chatOf(harness, status % 2 === 0);
    const { error } = (await answer.json()) as { error: { metadata: { upstream_status: number } } };
    expect([answer.status, error.metadata.upstream_status]).toEqual([502, status]);
  }
  await harness.stop();
  expect([connections, harness.seen.length]).toEqual([0, statuses.length]);
});

test("a credential never leaves for another host, scheme or port than the provider's own", async () => {
  connections = 0;
  const open = createTransport(new AddressGuard({ allowPrivate: [`127.0.0.1:${port}`, `localhost:${port}`] }));
  const bound = boundTo(open, [`http://127.0.0.1:${port}/v1`]);
  const headers = { authorization: "Bearer sk-invented" };
  for (const url of [
    `http://localhost:${port}/v1/models`,
    `https://127.0.0.1:${port}/v1/models`,
    `http://127.0.0.1:${port - 1}/v1/models`,
    `http://127.0.0.1:${port}@example.com/v1`,
    `http://user@127.0.0.1:${port}/v1`,
    "not an address",
  ]) {
    await expect(bound.send(request(url, { headers }))).rejects.toMatchObject({ kind: "refused" });
  }
  expect(connections).toBe(0);
  expect((await bound.send(request(`http://127.0.0.1:${port}/elsewhere`, { headers }))).status).toBe(200);
});
