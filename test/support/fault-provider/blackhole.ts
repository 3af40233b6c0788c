/**
 * An address that takes no connection and refuses none: the queue of a program that never looks at it is full, so that
 * the system drops whoever knocks. Needs no rights, and nothing but the Node that npm needs anyway.
 */
import { connect, type Socket } from "node:net";

const QUEUE = 1;
/** What the system lets into a queue of one before it drops. */
const FILLING = QUEUE + 1;
/** Says the port, and then never does anything again. */
const SLEEPER = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: ${QUEUE} }, () => {
  require("node:fs").writeSync(1, server.address().port + "\\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

export interface Blackhole {
  url: string;
  host: string;
  stop(): Promise<void>;
}

/** Resolves when the next connection will hang. */
export async function startBlackhole(): Promise<Blackhole> {
  const child = Bun.spawn([Bun.which("node") ?? "node", "-e", SLEEPER], { stdout: "pipe", stdin: "ignore" });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  const filling = await Promise.all(Array.from({ length: FILLING }, () => connected(port)));
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}/v1`,
    host,
    stop: async () => {
      for (const socket of filling) socket.destroy();
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => resolve(socket));
    socket.on("error", reject);
  });
}
