import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { storedPerson } from "../../../test/support/stored.ts";
import { createMailTokens } from "./mail-tokens.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const [MINUTE, HOUR] = [60_000, 3_600_000];
const EMAIL = "siti@example.com";

eachEngine((databases) => {
  async function start() {
    const storage = await databases.open();
    const { db } = storage;
    const [first, second] = [await storedPerson(storage, EMAIL), await storedPerson(storage, "budi@example.com")];
    const state = { nowMs: NOW };
    const tokens = createMailTokens(db, { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs });
    return { db, state, tokens, first, second };
  }

  test("of fifty who use one link at once one succeeds, and what is kept of it opens nothing", async () => {
    const { db, tokens, first } = await start();
    const token = await tokens.issue(first, { purpose: "password_reset", email: EMAIL });
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const [row] = await db.selectFrom("mail_token").selectAll().execute();
    expect(JSON.stringify(row)).not.toContain(token);
    expect(await tokens.consume(row?.token_hash ?? "", ["password_reset"])).toBeNull();
    const used = await Promise.all(Array.from({ length: 50 }, () => tokens.consume(token, ["password_reset"])));
    expect(used.filter((one) => one !== null)).toHaveLength(1);
  });

  test.each([
    ["password_reset", 30 * MINUTE],
    ["sign_up", 24 * HOUR],
    ["email_change", 24 * HOUR],
  ] as const)("a link for %s opens until its time is over, and not from then on", async (purpose, lifetimeMs) => {
    const { state, tokens, first, second } = await start();
    const [kept, late] = [
      await tokens.issue(first, { purpose, email: EMAIL }),
      await tokens.issue(second, { purpose, email: EMAIL }),
    ];
    state.nowMs = NOW + lifetimeMs - 1;
    expect(await tokens.consume(kept, [purpose])).toMatchObject({ userId: first, purpose });
    state.nowMs = NOW + lifetimeMs;
    expect(await tokens.isOpen(late, purpose)).toBe(false);
    expect(await tokens.consume(late, [purpose])).toBeNull();
  });

  test("a newer link voids the older one of its purpose alone, and no link opens what another is for", async () => {
    const { tokens, first } = await start();
    const change = await tokens.issue(first, { purpose: "email_change", email: EMAIL });
    const older = await tokens.issue(first, { purpose: "password_reset", email: EMAIL });
    const newer = await tokens.issue(first, { purpose: "password_reset", email: EMAIL });
    expect(await tokens.consume(older, ["password_reset"])).toBeNull();
    expect(await tokens.consume(newer, ["sign_up", "email_change"])).toBeNull();
    expect(await tokens.consume(newer, ["password_reset"])).not.toBeNull();
    expect(await tokens.consume(change, ["email_change"])).not.toBeNull();
  });
});
