/** Servers for tests that run on both databases; each is stopped before its database goes. */
import type { StorageOptions } from "../../src/storage/open.ts";
import { type Databases, eachEngine } from "./databases.ts";
import { startServer, type TestServer } from "./server.ts";

export interface Servers {
  databases: Databases;
  /** A server on a fresh database, or once more on the one of `place`; `configFile` is the text of its file. */
  start(
    env?: Record<string, string>,
    place?: StorageOptions,
    configFile?: string,
  ): Promise<TestServer & { place: StorageOptions }>;
}

export function onEachEngine(describeTests: (servers: Servers) => void): void {
  eachEngine((databases) => {
    describeTests({
      databases,
      start: async (env, place, configFile) => {
        const where = place ?? (await databases.migrated());
        const server = await startServer(env, where, configFile);
        databases.afterwards(() => server.stop());
        return { ...server, place: where };
      },
    });
  });
}
