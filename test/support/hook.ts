/** Somebody's server that takes messages: keeps what it gets, and answers as the test wants. */
export interface TestHook {
  url: string;
  /** For ALLOW_PRIVATE_UPSTREAM. */
  hostAndPort: string;
  received: { path: string; headers: Headers; body: string }[];
  /** The status of the next answers. */
  status: number;
  stop(): Promise<void>;
}

export function startHook(): TestHook {
  const hook: TestHook = { url: "", hostAndPort: "", received: [], status: 200, stop: () => server.stop(true) };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      hook.received.push({
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: await request.text(),
      });
      return new Response(null, { status: hook.status });
    },
  });
  hook.hostAndPort = `127.0.0.1:${server.port}`;
  hook.url = `http://${hook.hostAndPort}/hook`;
  return hook;
}
