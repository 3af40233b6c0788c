/**
 * The least that Bun needs to pass a request on and its answer back: no key, no JSON, no record. It marks what the
 * runtime itself costs. Argument: the origin of the upstream.
 */
const upstream = process.argv[2] ?? "";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    const path = request.url.slice(request.url.indexOf("/", 8));
    return fetch(upstream + path, {
      method: request.method,
      headers: { "content-type": "application/json", authorization: request.headers.get("authorization") ?? "" },
      body: await request.arrayBuffer(),
    });
  },
});
console.log(`The bare proxy is listening on ${server.url.origin}`);
