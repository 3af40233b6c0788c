import { expect, test } from "bun:test";
import { eachEngine } from "../../../test/support/databases.ts";
import { ChannelError } from "../../kernel/alerts/channel-failure.ts";
import type { AlertChannel } from "../../kernel/alerts/facts.ts";
import { Secret } from "../../kernel/secret.ts";
import type { Db } from "../../storage/open.ts";
import { createAlertDeliveryStore } from "../../storage/stores/alert-deliveries.ts";
import { createAlertSettingStore } from "../../storage/stores/alert-settings.ts";
import { createSealer } from "../../storage/stores/sealed-text.ts";
import { type DeliverDeps, deliverAlerts } from "./deliver.ts";
import { type OutgoingMessage, signatureOf } from "./messages.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const TARGETS: Record<AlertChannel, Record<string, string>> = {
  webhook: { url: "https://hook.example.com/alerts", secret: SECRET },
  slack: { url: "https://hooks.example.com/services/T0/B0/very-secret" },
  telegram: { token: "12345:very-secret-token", chat: "-42" },
};
/** After which waits a message is tried again, as docs/alerts.md says. */
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 17 * HOUR];

type Answer = number | Error;

eachEngine((databases) => {
  async function begin(...channels: AlertChannel[]) {
    const options = await databases.options();
    const { db } = await databases.open(options);
    const state = { nowMs: NOW, answer: 200 as Answer | ((message: OutgoingMessage) => Answer) };
    const sent: { atMs: number; message: OutgoingMessage }[] = [];
    /** Another process, or this one after a restart. */
    const processOn = (base: Db, secret = "s".repeat(40)): DeliverDeps => ({
      deliveries: createAlertDeliveryStore(base),
      settings: createAlertSettingStore(base, createSealer(new Secret(secret), "alert channels")),
      send: async (message) => {
        sent.push({ atMs: state.nowMs, message });
        const answer = typeof state.answer === "function" ? state.answer(message) : state.answer;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      localeOf: async () => "en",
      display: null,
      telegramUrl: "https://api.telegram.org",
      clock: { nowMs: () => state.nowMs, monotonicMs: () => state.nowMs },
    });
    const deps = processOn(db);
    const event = JSON.stringify({ type: "test", atMs: NOW, url: "https://gateway.example.com/alerts" });
    for (const channel of channels) {
      await deps.settings.setChannel("user_1", channel, { target: TARGETS[channel], shown: "there", nowMs: NOW });
      await deps.deliveries.add("user_1", channel, { event, nowMs: NOW });
    }
    /** Looks every second, as a server does, until then. */
    const until = async (timeMs: number, by: DeliverDeps = deps) => {
      for (; state.nowMs < timeMs; state.nowMs = Math.min(timeMs, (await nextDue(db, state.nowMs)) ?? timeMs)) {
        await deliverAlerts(by);
      }
      await deliverAlerts(by);
    };
    return {
      options,
      db,
      state,
      sent,
      deps,
      processOn,
      until,
      channel: async () => (await deps.settings.channels("user_1"))[0],
    };
  }

  test("who does not answer well is tried again after longer and longer waits, eight times in all, and then no more", async () => {
    const { state, sent, until, channel } = await begin("webhook");
    state.answer = ({ headers }) =>
      headers["webhook-timestamp"] === String(NOW / SECOND) ? new Error("no answer") : 503;
    await until(NOW + 30 * HOUR);
    const waits = sent.slice(1).map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    expect(waits).toEqual(WAITS_MS);
    expect(await channel()).toMatchObject({ last_error: "status_503", delivered_at: null });
    state.answer = 200;
    await until(NOW + 100 * HOUR);
    expect(sent).toHaveLength(8);
  });

  test("every attempt has the same id and a signature of its own time, so that its receiver does nothing twice", async () => {
    const { state, sent, until, channel } = await begin("webhook");
    state.answer = 500;
    await until(NOW + 40 * SECOND);
    state.answer = 204;
    await until(NOW + 30 * HOUR);
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ message }) => message.headers["webhook-id"])).size).toBe(1);
    for (const { atMs, message } of sent) {
      const {
        "webhook-id": id = "",
        "webhook-timestamp": timestamp = "",
        "webhook-signature": signature,
      } = message.headers;
      expect(timestamp).toBe(String(Math.floor(atMs / SECOND)));
      expect(signature).toBe(signatureOf(SECRET, { id, timestamp, body: message.body }));
    }
    expect(await channel()).toMatchObject({ last_error: null, delivered_at: sent.at(-1)?.atMs });
  });

  test("a restart sends what still waits, and nothing that has arrived", async () => {
    const { options, state, sent, deps, processOn, until } = await begin("webhook", "slack");
    state.answer = ({ url }) => (url.includes("hooks.") ? 429 : 200);
    await deliverAlerts(deps);
    const restarted = processOn((await databases.open(options)).db);
    state.answer = 200;
    await until(NOW + 30 * HOUR, restarted);
    const hosts = sent.map(({ message }) => new URL(message.url).host);
    expect(hosts.sort()).toEqual(["hook.example.com", "hooks.example.com", "hooks.example.com"]);
  });

  test("what a process had taken when it was killed is sent by another one after a minute, under the same id", async () => {
    const { options, state, sent, deps, processOn } = await begin("webhook");
    const [taken] = await deps.deliveries.takeDue(NOW, { leaseMs: MINUTE, most: 8 });
    const other = processOn((await databases.open(options)).db);
    state.nowMs = NOW + MINUTE - 1;
    await deliverAlerts(other);
    expect(sent).toEqual([]);
    state.nowMs = NOW + MINUTE;
    await Promise.all([deliverAlerts(other), deliverAlerts(deps)]);
    expect(sent.map(({ message }) => message.headers["webhook-id"])).toEqual([taken?.id]);
  });

  test("who says 410 is asked no more, and nothing is sent for a target that does not open; others are sent to", async () => {
    const { db, state, sent, until, processOn } = await begin("webhook", "slack", "telegram");
    state.answer = ({ url }) => (url.includes("hook.") ? 410 : 200);
    await until(NOW + 30 * HOUR);
    expect(sent).toHaveLength(3);
    const replaced = processOn(db, "t".repeat(40));
    await replaced.deliveries.add("user_1", "slack", { event: '{"type":"test","url":"x"}', nowMs: state.nowMs });
    await until(state.nowMs + 30 * HOUR, replaced);
    expect(sent).toHaveLength(3);
    const { last_error } =
      (await replaced.settings.channels("user_1")).find(({ channel }) => channel === "slack") ?? {};
    expect(last_error).toBe("sealed");
  });

  test("a channel that fails holds up no other, and what is kept of its failures holds no secret", async () => {
    const { db, state, sent, deps } = await begin("webhook", "slack", "telegram");
    state.answer = ({ url }) => (url.includes("telegram") ? new ChannelError("late") : 200);
    await deliverAlerts(deps);
    expect(sent).toHaveLength(3);
    const kept = [
      ...(await db.selectFrom("alert_channel").selectAll().execute()),
      ...(await db.selectFrom("alert_delivery").selectAll().execute()),
    ];
    expect(JSON.stringify(kept)).toContain('"last_error":"late"');
    expect(JSON.stringify(kept)).not.toMatch(/very-secret|whsec_/);
  });
});

/** When something is due again after this time. */
async function nextDue(db: Db, nowMs: number): Promise<number | null> {
  const row = await db
    .selectFrom("alert_delivery")
    .select((eb) => eb.fn.min("next_attempt_at").as("at"))
    .where("next_attempt_at", ">", nowMs)
    .executeTakeFirst();
  return row?.at == null ? null : Number(row.at);
}
