/** A server whose instance has been used for a while. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedDatabase } from "../../src/cli/seed/seed.ts";
import { createPasswordHasher } from "../../src/control/accounts/password-hash.ts";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { startServer, type TestServer } from "./server.ts";
import { expectStatus, PASSWORD, type Visitor } from "./visitor.ts";

export interface SeededServer extends TestServer {
  /** Somebody of the seed, signed in. */
  person(email: string): Promise<Visitor>;
}

interface Seed {
  /** Over how many days up to now a few thousand requests are spread. */
  days?: number;
  /** A database that is to be used and kept. */
  at?: StorageOptions;
}

export async function startSeeded(
  env: Record<string, string> = {},
  { days = 40, at }: Seed = {},
): Promise<SeededServer> {
  const place = at ?? { dataDir: mkdtempSync(join(tmpdir(), "gapura-seeded-")) };
  const storage = await openStorage(place);
  const passwordHash = await createPasswordHasher().hash(PASSWORD);
  const nowMs = Date.now();
  await seedDatabase(storage, { requests: 3_000, days, seed: 3, nowMs, passwordHash, onProgress: () => {} });
  await storage.close();
  const server = await startServer(env, place);
  return {
    ...server,
    person: async (email) => {
      const visitor = server.visitor();
      expectStatus(await visitor.login(email), 200);
      return visitor;
    },
    stop: async () => {
      await server.stop();
      if (at === undefined) rmSync(place.dataDir, { recursive: true, force: true });
    },
  };
}
