import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import { databasesOf } from "../../test/support/databases.ts";
import { storedPerson } from "../../test/support/stored.ts";
import { CLI_ACTOR } from "../control/audit/actor.ts";
import { createApiKey } from "../kernel/api-key.ts";
import { Secret } from "../kernel/secret.ts";
import { createKeyStore } from "../storage/stores/keys.ts";
import { keyAdministrationOf, withStorage } from "./storage.ts";

const HOUR_MS = 3_600_000;

describe("PostgreSQL", () => {
  const databases = databasesOf("postgres");
  afterEach(() => {
    setSystemTime();
  });

  test("what a terminal changes is new to every server, however wrong the clock beside the terminal is", async () => {
    const place = await databases.options();
    const storage = await databases.open(place);
    const userId = await storedPerson(storage, "budi@example.com");
    const config = { dataDir: place.dataDir, databaseUrl: new Secret(place.databaseUrl ?? ""), secret: null };
    const keys = createKeyStore(storage.db);
    for (const skewMs of [-HOUR_MS, HOUR_MS]) {
      const key = createApiKey("inference");
      await keys.create(key, { userId, name: "Key", expiresAt: null }, 0);
      const lookedAtMs = Date.now();
      setSystemTime(lookedAtMs + skewMs);
      await withStorage(config, (commands) =>
        keyAdministrationOf(config, commands).change(CLI_ACTOR, { userId, id: key.publicId }, { disabled: true }),
      );
      setSystemTime();
      const [changed] = (await keys.changedSince(lookedAtMs)).filter(({ id }) => id === key.publicId);
      expect(changed?.version).toBe(2);
      expect(changed?.updated_at).toBeLessThan(lookedAtMs + HOUR_MS / 2);
    }
  });
});
