import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import { SYSTEM } from "../../kernel/audit.ts";
import { systemClock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { Secret } from "../../kernel/secret.ts";
import { createAuditStore } from "../../storage/stores/audit.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { createKeyAdministration } from "./key-administration.ts";
import { rotationOf } from "./rotation.ts";

eachEngine((databases) => {
  async function start(kind: "inference" | "management") {
    const storage = await databases.open();
    const userId = await storedPerson(storage, "budi@example.com");
    const audit = createAuditStore(storage.db, { secret: new Secret("s".repeat(48)), clock: systemClock });
    const administration = createKeyAdministration({ audit, clock: systemClock, onKeyChanged: () => {} });
    const made = createApiKey(kind);
    await administration.create(SYSTEM, made, { userId, name: "Job", expiresAt: null });
    const place = { userId, id: made.publicId };
    return { keys: createKeyStore(storage.db), administration, made, place };
  }

  test("a rotation that was decided before the key was frozen keeps nothing of the secret that it is frozen for", async () => {
    const { keys, administration, made, place } = await start("inference");
    const wish = rotationOf(
      { key: { id: place.id, kind: "inference" }, overlapSeconds: 3_600, expiresAt: undefined },
      Date.now(),
    );
    await administration.freeze(SYSTEM, place, { reason: "leak_report", foundAt: null });
    const { formerEndsAt } = await administration.rotate(SYSTEM, place, wish);
    expect(formerEndsAt).toBeLessThan(wish.formerEndsAt);
    expect((await keys.findByHash(made.hash))?.secretEndsAt).toBe(formerEndsAt);
  });

  test("a management key gets no limit, whoever asks for it", async () => {
    const { administration, place } = await start("management");
    for (const changes of [{ limitNano: 1n }, { rateCaps: { rpm: 1 } }, { rateCaps: { parallel: 1 } }]) {
      const refused = await administration.change(SYSTEM, place, changes).catch((error: unknown) => error);
      expect(refused instanceof GapuraError && refused.code).toBe("invalid_field");
    }
    expect((await administration.change(SYSTEM, place, { limitNano: null, name: "Renamed" })).name).toBe("Renamed");
  });
});
