/** A stolen key, from the first call of the thief to the owner's answer: through the whole server, on both databases. */
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { openStorage, type StorageOptions } from "../../src/storage/open.ts";
import { startCostly } from "../support/costly.ts";
import { onEachEngine, type Servers } from "../support/each-server.ts";
import { startHook } from "../support/hook.ts";
import { bearer } from "../support/keys.ts";
import { rememberUse } from "../support/remembered.ts";
import { startServer } from "../support/server.ts";
import { expectStatus, until, type Visitor } from "../support/visitor.ts";

const WAIT_MS = 60_000;
const TEST_MS = 150_000;
const OWNER = "owner@example.com";
const isAlertMail = ({ subject }: { subject: string }) => /unusual way/.test(subject);

onEachEngine((servers: Servers) => {
  /** A server whose key has been used for four weeks from one network, and a hook that hears of alerts. */
  async function begin() {
    const hook = startHook();
    const provider = startCostly();
    servers.databases.afterwards(() => Promise.all([hook.stop(), provider.stop()]));
    // What comes from this machine counts as a proxy, so that a test can call from anywhere.
    const env = { ...provider.env(hook.hostAndPort), TRUSTED_PROXIES: "127.0.0.1/32" };
    const place = await servers.databases.options();
    const started = await startServer(env, place);
    let stopping: Promise<void> | null = null;
    const server = { ...started, place, stop: () => (stopping ??= started.stop()) };
    servers.databases.afterwards(() => server.stop());
    const person = await server.visitor().join(OWNER);
    const key = await person.createKey("Kasir");
    await rememberUse(server.place, key.id);
    const { body } = await person.dashboard("/alert-settings/channels", { channel: "webhook", url: hook.url });
    const secret: string = body.secret;
    const ask = (from: string, program: string) =>
      server.visitor().call("/api/v1/chat/completions", {
        body: { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] },
        headers: { ...bearer(key.secret), "x-forwarded-for": from, "user-agent": program },
      });
    /** One call is enough: it costs as much as ten usual days. */
    const steal = async () => {
      provider.completionTokens = 3_000_000;
      expectStatus(await ask("198.51.100.20", "curl/8.1"), 200);
    };
    return { server, env, hook, person, key, secret, ask, steal };
  }

  test(
    "a stolen key raises one alert by mail and signed webhook; Freeze stops the key at once and can be undone",
    async () => {
      const { server, hook, person, key, secret, ask, steal } = await begin();
      await steal();
      const alert = await openAlert(person);
      expect(alert).toMatchObject({ level: "alert", facts: { kind: "unusual_use" }, key: { name: "Kasir" } });
      const networks = alert.facts.evidence.find(({ what }: { what: string }) => what === "new-network");
      expect(networks).toMatchObject({ names: ["198.51.100.0/24"], usual: ["203.0.113.0/24"] });

      const [mail] = await until(async () => (await person.mailsTo(OWNER)).filter(isAlertMail), WAIT_MS);
      const { text } = (await person.dashboard(`/mailbox/${mail?.id}`)).body;
      expect(text).toContain(`/alerts?alert=${alert.id}`);
      expect(text).toContain("198.51.100.0/24");
      expect(text).not.toContain("198.51.100.20");

      const message = await until(async () => hook.received[0], WAIT_MS);
      const [id, timestamp] = [message.headers.get("webhook-id"), message.headers.get("webhook-timestamp")];
      const signed = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"));
      const signature = signed.update(`${id}.${timestamp}.${message.body}`).digest("base64");
      expect(message.headers.get("webhook-signature")).toBe(`v1,${signature}`);
      expect(JSON.parse(message.body)).toMatchObject({
        type: "alert.unusual_use",
        data: { id: alert.id, key: { id: key.id }, title: "The key “Kasir” is used in an unusual way" },
      });

      // Looking at the link changes nothing.
      expectStatus(await person.dashboard(`/alerts/${alert.id}`), 200);
      expectStatus(await ask("198.51.100.20", "curl/8.1"), 200);
      const answered = await person.dashboard(`/alerts/${alert.id}/answer`, { answer: "freeze" });
      expect(answered.body.alert).toMatchObject({ isOpen: false, answer: "freeze", key: { isDisabled: true } });
      expectStatus(await ask("198.51.100.20", "curl/8.1"), 401);
      expectStatus(await person.dashboard(`/alerts/${alert.id}/answer`, { answer: "me" }), 409);
      expectStatus(await person.dashboard(`/keys/${key.id}`, { disabled: false }, "PATCH"), 200);
      expectStatus(await ask("203.0.113.7", "OpenAI/Python 2.8.1"), 200);
      expect((await person.mailsTo(OWNER)).filter(isAlertMail)).toHaveLength(1);
      expect(server.log.filter((line) => line.includes("job.failed"))).toEqual([]);
    },
    TEST_MS,
  );

  test(
    "It was me makes the new network and program usual: the same again raises nothing, across a restart too",
    async () => {
      const { server, env, person, key, steal } = await begin();
      await steal();
      const alert = await openAlert(person);
      expectStatus(await person.dashboard(`/alerts/${alert.id}/answer`, { answer: "me" }), 200);
      await until(() => nothingWaits(server.place), WAIT_MS);
      await server.stop();
      const again = await servers.start(env, server.place);
      const back = again.visitor();
      expectStatus(await back.login(OWNER), 200);
      const ask = () =>
        back.call("/api/v1/chat/completions", {
          body: { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] },
          headers: { ...bearer(key.secret), "x-forwarded-for": "198.51.100.99", "user-agent": "curl/8.2" },
        });
      expectStatus(await ask(), 200);
      await until(() => nothingWaits(server.place), WAIT_MS);
      const { alerts } = (await back.dashboard("/alerts?kind=unusual_use&state=open")).body;
      expect(alerts).toEqual([]);
    },
    TEST_MS,
  );
});

function openAlert(person: Visitor) {
  return until(async () => {
    const { alerts } = (await person.dashboard("/alerts?kind=unusual_use")).body;
    return alerts[0];
  }, WAIT_MS);
}

async function nothingWaits(place: StorageOptions): Promise<boolean> {
  const storage = await openStorage(place);
  const waiting = await storage.db.selectFrom("watch_use").select("id").execute();
  await storage.close();
  return waiting.length === 0;
}
