/** A leaked key that anybody reports is frozen, and nobody learns from the answer whether there was such a key. */
import { expect, test } from "bun:test";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { expectStatus, until, type Visitor } from "../support/visitor.ts";

const PATH = "/api/v1/leak-report";
const isFrozenMail = ({ subject }: { subject: string }) => subject.includes("has leaked and is frozen");

async function frozenMails(person: Visitor) {
  return (await person.mailsTo("owner@example.com")).filter(isFrozenMail);
}

onEachEngine(({ start }) => {
  test("a whole key is frozen, its owner is told once with where it was found, and can enable it again", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const { id, secret } = await person.createKey("Bot");
    const reporter = server.visitor();
    const works = async () => (await server.visitor(bearer(secret)).call("/api/v1/key")).status;
    expect(await works()).toBe(200);
    const report = { key: secret, url: "https://example.com/some/repository" };
    expectStatus(await reporter.call(PATH, { body: report }), 202);
    await until(async () => (await works()) === 401);
    const [mail] = await until(async () => {
      const mails = await frozenMails(person);
      return mails.length > 0 && mails;
    });
    const { text } = (await person.dashboard(`/mailbox/${mail?.id}`)).body;
    expect(text).toContain(report.url);
    expect(text).toContain("“Bot”");
    expect(text).not.toContain(secret);
    for (let again = 0; again < 3; again++) expectStatus(await reporter.call(PATH, { body: report }), 202);
    expectStatus(await person.dashboard(`/keys/${id}`, { disabled: false }, "PATCH"), 200);
    expect(await works()).toBe(200);
    expect(await frozenMails(person)).toHaveLength(1);
  });

  test("a management key is frozen too", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const { secret } = await managementKey(person);
    expectStatus(await server.visitor().call(PATH, { body: { key: secret } }), 202);
    await until(async () => (await server.visitor(bearer(secret)).call("/api/v1/keys")).status === 401);
  });

  test("the answer is the same for a key that exists, one that does not, and anything else", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const { secret } = await person.createKey("Bot");
    const stranger = server.visitor();
    const answers: string[] = [];
    for (const key of [secret, createApiKey("inference").key, "gpr_nonsense", "sk-of-somebody-else"]) {
      const { status, body } = await stranger.call(PATH, { body: { key } });
      answers.push(JSON.stringify({ status, body }));
    }
    expect(new Set(answers)).toEqual(new Set(['{"status":202,"body":{"received":true}}']));
  });

  test("a part of a key, its label or its hash freezes nothing, and what is no report is refused", async () => {
    const server = await start();
    const person = await server.visitor().join("owner@example.com");
    const { id, secret } = await person.createKey("Bot");
    const { hash, label } = (await person.dashboard(`/keys/${id}`)).body;
    const stranger = server.visitor();
    for (const key of [hash, label, id, secret.slice(0, -1), `${secret} `, secret.toUpperCase()]) {
      expectStatus(await stranger.call(PATH, { body: { key } }), 202);
    }
    for (const body of [{}, { key: 7 }, { key: "" }, { key: "x".repeat(201) }, { key: secret, more: 1 }, [secret]]) {
      expectStatus(await stranger.call(PATH, { body }), 400);
    }
    expect((await person.dashboard(`/keys/${id}`)).body.state).toBe("active");
    expect(await frozenMails(person)).toEqual([]);
  });

  test("one address may report twenty a minute", async () => {
    const server = await start();
    await server.visitor().join("owner@example.com");
    const stranger = server.visitor();
    const statuses: number[] = [];
    for (let report = 0; report < 22; report++) {
      statuses.push((await stranger.call(PATH, { body: { key: "gpr_x" } })).status);
    }
    expect(statuses.slice(0, 20)).toEqual(new Array(20).fill(202));
    expect(statuses.slice(20)).toEqual([429, 429]);
  });
});
