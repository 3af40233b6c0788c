import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AlertEvent } from "./event.ts";
import { messageOf, signatureOf } from "./messages.ts";

const EVENT: AlertEvent = {
  type: "alert",
  atMs: Date.UTC(2026, 10, 27, 9, 30),
  id: "alert_1",
  level: "alert",
  key: { id: "Ab3dE5g7", name: "Kasir", label: "gpr_Ab3dE5g7...x9Z" },
  facts: {
    kind: "unusual_use",
    score: 9,
    isFrozen: false,
    evidence: [{ what: "day-spend", points: 5, usualUsd: 0.42, nowUsd: 12.5 }],
  },
  times: 1,
  url: "https://gateway.example.com/alerts?alert=alert_1",
};
const context = {
  ...({ id: "msg_1", nowMs: Date.UTC(2026, 10, 27, 9, 31), locale: "en", display: null } as const),
  telegramUrl: "https://api.telegram.org",
};

test("the example of Standard Webhooks is signed as its own libraries sign it", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: '{"test": 2432232314}' };
  expect(signatureOf(secret, message)).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a webhook is signed over its id, its time and exactly what is sent", () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const sent = messageOf("webhook", { url: "https://example.com/hook", secret }, { event: EVENT, context });
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = sent?.headers ?? {};
  expect([id, timestamp]).toEqual(["msg_1", "1795771860"]);
  const expected = createHmac("sha256", Buffer.alloc(32, 7))
    .update(`${id}.${timestamp}.${sent?.body}`)
    .digest("base64");
  expect(signature).toBe(`v1,${expected}`);
  expect(JSON.parse(sent?.body ?? "")).toMatchObject({
    type: "alert.unusual_use",
    timestamp: "2026-11-27T09:30:00.000Z",
    data: {
      facts: EVENT.facts,
      lines: ["Spent in the last 24 hours: $12.50. Usual: $0.42 a day.", expect.any(String)],
    },
  });
});

test("Slack and Telegram get the same words in the language of the account, and Telegram its bot's address", () => {
  const slack = messageOf(
    "slack",
    { url: "https://hooks.example.com/x" },
    { event: EVENT, context: { ...context, locale: "id" } },
  );
  expect(JSON.parse(slack?.body ?? "").text).toContain("Biasanya: US$0,42 sehari.");
  const telegram = messageOf("telegram", { token: "123456:secret", chat: "-42" }, { event: EVENT, context });
  expect(telegram?.url).toBe("https://api.telegram.org/bot123456:secret/sendMessage");
  expect(JSON.parse(telegram?.body ?? "")).toMatchObject({ chat_id: "-42", text: expect.stringContaining(EVENT.url) });
});

test("a name that somebody has chosen to be a link or a call to everybody is a text, on one line", () => {
  const name = "<!channel> <https://evil.example|Log in>\nAll is well";
  const event = { ...EVENT, key: { id: "k", label: "l", name } };
  const sent = messageOf("slack", { url: "https://hooks.example.com/x" }, { event, context });
  const { text } = JSON.parse(sent?.body ?? "");
  expect(text).toContain("“&lt;!channel&gt; &lt;https://evil.example|Log in&gt; All is well”");
  expect(text).not.toMatch(/[<>]/);
});

test("a text that would be too long for a channel is cut, and still ends with the link", () => {
  const key = { ...EVENT.key, id: "k", label: "l", name: "n".repeat(9_000) };
  const { text } = JSON.parse(
    messageOf("slack", { url: "https://x.example" }, { event: { ...EVENT, key }, context })?.body ?? "",
  );
  expect(text.length).toBeLessThan(4_000);
  expect(text.endsWith(EVENT.url)).toBe(true);
});

test("a target that does not hold what its channel needs makes no message", () => {
  expect(messageOf("webhook", { url: "https://x.example" }, { event: EVENT, context })).toBeNull();
  expect(messageOf("telegram", { token: "t" }, { event: EVENT, context })).toBeNull();
});

test.each(["alerts.md", "alerts.id.md"])(
  "the example of docs/%s takes what was signed, and nothing else",
  async (page) => {
    const folder = mkdtempSync(join(tmpdir(), "gapura-example-"));
    const [, example = ""] = /```js\n([\s\S]*?)```/.exec(readFileSync(`docs/${page}`, "utf8")) ?? [];
    const file = join(folder, "example.mjs");
    writeFileSync(file, example);
    const { isGenuine } = await import(file);
    rmSync(folder, { recursive: true });
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const sentAt = (nowMs: number) =>
      messageOf(
        "webhook",
        { url: "https://example.com/hook", secret },
        { event: EVENT, context: { ...context, nowMs } },
      );
    const { headers = {}, body = "" } = sentAt(Date.now()) ?? {};
    expect(isGenuine(secret, headers, body)).toBe(true);
    expect(isGenuine(secret, headers, body.replace("12.5", "0.5"))).toBe(false);
    expect(isGenuine(`whsec_${Buffer.alloc(32, 8).toString("base64")}`, headers, body)).toBe(false);
    expect(isGenuine(secret, { ...headers, "webhook-id": "msg_2" }, body)).toBe(false);
    for (const missing of Object.keys(headers).filter((name) => name.startsWith("webhook-"))) {
      expect([missing, isGenuine(secret, { ...headers, [missing]: undefined }, body)]).toEqual([missing, false]);
    }
    const old = sentAt(Date.now() - 10 * 60_000);
    expect(isGenuine(secret, old?.headers, old?.body)).toBe(false);
  },
);
