/** A whole Gapura in front of providers that fail as they are told to, and somebody with a key. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage, type Storage, type StorageOptions } from "../../src/storage/open.ts";
import type { UsageRow } from "../../src/storage/schema.ts";
import { type FaultProvider, startFaultProvider } from "./fault-provider/provider.ts";
import { startServer, type TestServer } from "./server.ts";
import { expectStatus, until } from "./visitor.ts";

/** Dollars for a million tokens. */
export const PRICE = { prompt: 2, completion: 10 };
/** What every provider serves. */
export const MODEL = "acme/m";

export interface FaultGateway {
  server: TestServer;
  providers: FaultProvider[];
  key: string;
  /** The same person's key that is held to a limit. */
  limitedKey: string;
  storage: Storage;
  /** A chat request through the gateway. */
  chat(more?: object, init?: RequestInit): Promise<Response>;
  /** The bytes of such a request, for a client that writes them itself. */
  chatBytes(more?: object): Buffer;
  /** A connection to the gateway. */
  dial(): Promise<Socket>;
  /** All usage rows so far, the oldest first. */
  rows(): Promise<UsageRow[]>;
  /** Resolves to the rows once there are so many of them. */
  rowsWhen(count: number): Promise<UsageRow[]>;
  /** Stops Gapura alone; what it has written can still be read. */
  stopServer(options?: { lastCallMs: number }): Promise<void>;
  stop(): Promise<void>;
}

export interface FaultGatewayOptions {
  providers?: number;
  env?: Record<string, string>;
  /** Where its database is; else SQLite in a folder of its own. The test removes it. */
  place?: StorageOptions;
}

export async function startFaultGateway({
  providers: count = 1,
  env,
  place: given,
}: FaultGatewayOptions = {}): Promise<FaultGateway> {
  const providers = Array.from({ length: count }, () => startFaultProvider({ models: [MODEL] }));
  const hosts = providers.map(({ host }) => host);
  const settings = { ALLOW_PRIVATE_UPSTREAM: hosts.join(","), ...env };
  const place = given ?? { dataDir: mkdtempSync(join(tmpdir(), "gapura-faults-")) };
  const file = configFile(providers.map(({ url }) => url));
  const server = await startServer(settings, place, file);
  const owner = await server.visitor().join("siti@example.com");
  const { secret: key } = await owner.createKey();
  const limited = expectStatus(await owner.dashboard("/keys", { name: "Limited", limitUsd: "5" }), 201);
  const storage: Storage = await openStorage(place);
  let stopped: Promise<void> | undefined;
  const stopServer = (options?: { lastCallMs: number }) => {
    stopped ??= server.stop(options);
    return stopped;
  };
  const { host, hostname, port } = new URL(server.url);
  const path = "/api/v1/chat/completions";
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const bodyOf = (more: object) =>
    JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "Halo" }], ...more });
  const rows = () => storage.db.selectFrom("usage").selectAll().orderBy("created_at").orderBy("id").execute();
  return {
    server,
    providers,
    key,
    limitedKey: limited.body.secret,
    storage,
    chat: (more = {}, init = {}) => fetch(server.url + path, { method: "POST", headers, body: bodyOf(more), ...init }),
    chatBytes: (more = {}) => {
      const body = bodyOf(more);
      const all = { host, ...headers, "content-length": String(Buffer.byteLength(body)) };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
      return Buffer.from([`POST ${path} HTTP/1.1`, ...lines, "", body].join("\r\n"));
    },
    dial: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: hostname === "localhost" ? "127.0.0.1" : hostname, port: Number(port) }, () =>
          resolve(socket),
        );
        socket.on("error", reject);
      }),
    rows,
    rowsWhen: (wanted) =>
      until(async () => {
        const found = await rows();
        return found.length >= wanted && found;
      }),
    stopServer,
    stop: async () => {
      await stopServer();
      await storage.close();
      if (given === undefined) rmSync(place.dataDir, { recursive: true, force: true });
      for (const provider of providers) provider.stop();
    },
  };
}

/** Every provider as one of its own, with the same model at the same price. */
export function configFile(urls: readonly string[]): string {
  const entries = urls.map((url, index) =>
    [
      "  - type: openai-compatible",
      `    slug: p${index}`,
      `    name: P${index}`,
      `    baseUrl: ${url}`,
      `    models: [${MODEL}]`,
    ].join("\n"),
  );
  const price = `{ prompt: ${PRICE.prompt}, completion: ${PRICE.completion} }`;
  return `providers:\n${entries.join("\n")}\nmodels:\n  - id: ${MODEL}\n    price: ${price}\n`;
}

/** What the tokens cost in nano-dollars. */
export function costOf(promptTokens: number, completionTokens: number): bigint {
  return (
    BigInt(promptTokens) * BigInt(PRICE.prompt * 1_000) + BigInt(completionTokens) * BigInt(PRICE.completion * 1_000)
  );
}
