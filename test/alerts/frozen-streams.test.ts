/**
 * Whatever freezes a key ends what runs with it: the alert that freezes by itself, the button on an alert, the report of a
 * leak. The stream says why it ends, the provider is stopped, and what was used is recorded and charged.
 */
import { expect, test } from "bun:test";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { createAlertStore } from "../../src/storage/stores/alerts.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { type EndlessProvider, startEndless } from "../support/endless.ts";
import { hear } from "../support/heard.ts";
import { bearer } from "../support/keys.ts";
import { rememberUse, stealWith } from "../support/remembered.ts";
import { expectStatus, until, type Visitor } from "../support/visitor.ts";

const WAIT_MS = 60_000;
const TEST_MS = 150_000;

onEachEngine((servers: Servers) => {
  test(
    "a freeze by an alert, by its button and by a leak report each end the stream, say why, and charge what was used",
    async () => {
      const provider = startEndless();
      servers.databases.afterwards(() => provider.stop());
      const env = { OPENAI_API_KEY: "sk-invented", OPENAI_BASE_URL: provider.baseUrl };
      const server = await servers.start({ ...env, ALLOW_PRIVATE_UPSTREAM: provider.hostAndPort });
      const person = await server.visitor().join("owner@example.com");
      expectStatus(await person.dashboard("/alert-settings", { autoFreeze: true }, "PATCH"), 200);
      const begin = (name: string) => beginStream({ url: server.url, provider, person }, name);

      const stolen = await begin("Stolen");
      await rememberUse(server.place, stolen.id);
      await stealWith(server.place, stolen.id);
      await expectFrozen(stolen, { provider, person });
      const { alerts } = (await person.dashboard("/alerts?kind=unusual_use")).body;
      expect(alerts[0].facts).toMatchObject({ kind: "unusual_use", isFrozen: true });

      const pressed = await begin("Pressed");
      const alertId = await raiseAlert(server.place, { person, keyId: pressed.id });
      expectStatus(await person.dashboard(`/alerts/${alertId}/answer`, { answer: "freeze" }), 200);
      await expectFrozen(pressed, { provider, person });

      const leaked = await begin("Leaked");
      expectStatus(await server.visitor().call("/api/v1/leak-report", { body: { key: leaked.secret } }), 202);
      await expectFrozen(leaked, { provider, person });
      const { entries } = (await person.dashboard("/audit?action=key.freeze")).body;
      const reasons = entries.map(({ after }: { after: { reason: string } }) => after.reason);
      expect(reasons.sort()).toEqual(["alert", "leak_report", "unusual_use"]);
    },
    TEST_MS,
  );
});

interface Running {
  id: string;
  secret: string;
  text: Promise<string>;
}

interface Around {
  provider: EndlessProvider;
  person: Visitor;
}

async function beginStream({ url, provider, person }: Around & { url: string }, name: string): Promise<Running> {
  const key = await person.createKey(name);
  const answer = await fetch(`${url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { ...bearer(key.secret), "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-3.5", stream: true, messages: [{ role: "user", content: "Halo" }] }),
  });
  await until(async () => provider.open === 1, WAIT_MS);
  return { ...key, text: answer.text() };
}

async function expectFrozen({ id, text }: Running, { provider, person }: Around): Promise<void> {
  const { errors, finishReason, text: words } = hear(await text);
  expect(errors.at(-1)).toMatchObject({ code: 401, metadata: { error_code: "disabled_key" } });
  expect(finishReason).toBe("error");
  expect(words).toStartWith("kata ");
  await until(async () => provider.open === 0, WAIT_MS);
  const row = await until(async () => (await person.dashboard(`/activity?keyId=${id}`)).body.rows[0], WAIT_MS);
  const { body } = await person.dashboard(`/activity/${row.id}`);
  expect(body.errorCode).toBe("disabled_key");
  expect(Number(body.costUsd)).toBeGreaterThan(0);
  expect((await person.dashboard(`/keys/${id}`)).body.state).toBe("disabled");
}

async function raiseAlert(place: StorageOptions, { person, keyId }: { person: Visitor; keyId: string }) {
  const { id: userId } = (await person.dashboard("/account")).body;
  const storage = await openStorage(place);
  const facts = { kind: "dormant_key", idleDays: 40, network: null } as const;
  const raised = await createAlertStore(storage.db).raise({ userId, keyId, level: "alert", facts }, Date.now());
  await storage.close();
  return raised?.alert.id ?? "";
}
