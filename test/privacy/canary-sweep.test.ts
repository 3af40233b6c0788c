/**
 * Every kind of secret goes through a whole Gapura as a text that is found again wherever it comes out: log, terminal,
 * error answers, whatever the APIs show afterwards (audit log, activity, settings), every row, every byte of the files.
 */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { operations } from "../../src/contract/operations.ts";
import { Canaries, type Sink, shapesOf, sightings } from "../support/canaries.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { startSmtp } from "../support/smtp.ts";
import { everythingStored } from "../support/stored.ts";
import { until } from "../support/visitor.ts";
import {
  beginJourney,
  environment,
  type Journey,
  throughAccounts,
  throughChannels,
  throughKeys,
  throughModels,
  throughSecondFactor,
} from "./canary-journey.ts";

/** Reads on for as long as it is open. */
const STREAMS = ["followActivity", "followChanges"];

/** Repeats the credential and the request in all it says, and says a canary of its own. */
function lyingProvider(answerText: string) {
  return Bun.serve({
    port: 0,
    fetch: async (request) => {
      const credential = request.headers.get("authorization");
      if (request.method === "GET") return Response.json({ data: [{ id: "gpt-4o" }] });
      const body = await request.text();
      const failure = /\/does-(\w+)\//.exec(request.url)?.[1];
      const message = `${credential} ${body}`;
      if (Number(failure) >= 400) return Response.json({ error: { message } }, { status: Number(failure) });
      if (failure === "junk") return new Response(`{"broken": ${message}`);
      const head = { id: "x", created: 1, model: "gpt-4o" };
      const usage = { prompt_tokens: 1, completion_tokens: 1 };
      if (!body.includes('"stream":true')) {
        const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: answerText } }];
        return Response.json({ ...head, object: "chat.completion", choices, usage });
      }
      const choices = [{ index: 0, finish_reason: null, delta: { content: answerText } }];
      const event = `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices })}\n\n`;
      return new Response(`${event}${failure === "cut" ? `data: {"broken ${message}` : "data: [DONE]\n\n"}`, {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
}

/** What every reading operation of the contract answers to the owner, to a management key and to nobody. */
async function shownAfterwards({ server, owner }: Journey): Promise<Buffer[]> {
  const key = bearer((await managementKey(owner, "Reader")).secret);
  const shown: Buffer[] = [];
  const paths = Object.entries(operations).flatMap(([id, { method, path }]) =>
    method === "get" && !path.includes("{") && !STREAMS.includes(id) ? [path] : [],
  );
  for (const path of [...paths, "/metrics", "/"]) {
    for (const answer of [
      await owner.call(path),
      await server.visitor(key).call(path),
      await server.visitor().call(path),
    ]) {
      shown.push(Buffer.from(`${JSON.stringify([...answer.headers])}${JSON.stringify(answer.body)}`));
    }
  }
  return shown;
}

onEachEngine(({ start, databases }) => {
  test("no secret of any kind comes out in the log, on the terminal, in an error, in what is shown, or in the database", async () => {
    const canaries = new Canaries();
    const upstream = lyingProvider(canaries.add("an answer of a model"));
    const smtp = await startSmtp();
    databases.afterwards(async () => {
      await upstream.stop(true);
      await smtp.stop();
    });
    const server = await start({ ...environment(canaries, upstream.port ?? 0), SMTP_URL: smtp.url });
    const journey = await beginJourney(server, smtp, canaries);
    const password = await throughAccounts(journey);
    const key = await throughKeys(journey);
    const providerUrl = `http://127.0.0.1:${upstream.port}`;
    await throughModels(journey, { key, upstream: providerUrl });
    await throughChannels(journey, providerUrl);
    await throughSecondFactor(journey, password);
    const { db } = await databases.open(server.place);
    await until(
      async () => (await db.selectFrom("mail").select("id").where("sent_at", "is", null).execute()).length === 0,
      30_000,
    );
    const { dataDir } = server.place;
    const read = async (): Promise<Record<Sink, Buffer[]>> => ({
      log: [Buffer.from(server.log.join("\n"))],
      terminal: [Buffer.from(server.printed.join("\n"))],
      errors: journey.errors.map((text) => Buffer.from(text)),
      answers: await shownAfterwards(journey),
      rows: [Buffer.from(await everythingStored(server.place))],
      files: readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name))),
    });
    const sinks = await read();
    expect(sightings(canaries.all, sinks)).toEqual([]);

    // What was searched holds what had to be there, and what is put there is found.
    expect(journey.errors.length).toBeGreaterThan(200);
    expect(new Set(canaries.all.map(({ kind }) => kind)).size).toBeGreaterThan(45);
    expect([...journey.statuses]).toEqual(expect.arrayContaining([200, 202, 400, 401, 403, 404, 405, 429, 502]));
    expect(server.log.join("\n")).toContain("provider.failed");
    expect((await db.selectFrom("usage").select("id").where("status", "=", 200).execute()).length).toBeGreaterThan(4);
    const planted = new Canaries();
    await journey.owner.createKey(planted.add("planted"));
    server.log.push(btoa(`x${planted.all[0]?.text}`));
    const seen = sightings(planted.all, await read()).map((one) => one.replace(/ \(.*/, ""));
    const files = databases.engine === "sqlite" ? ["planted in files"] : [];
    expect(seen).toEqual(["planted in log", "planted in answers", "planted in rows", ...files]);
  }, 120_000);
});

test("the search finds a text in every shape and place, and only where it must not stand", () => {
  const canaries = new Canaries();
  const text = canaries.add("a secret", 'quite "secret" & long/enough?', { terminal: "shown there" });
  const disguises = [
    ...["", "x", "xy"].flatMap((before) => [
      btoa(`${before}${text}yz`),
      Buffer.from(before + text).toString("base64url"),
    ]),
    Buffer.from(text).toString("hex"),
    JSON.stringify({ text }),
    encodeURIComponent(text),
    `before ${text} behind`,
  ];
  const nothing: Record<Sink, Buffer[]> = { log: [], terminal: [], errors: [], answers: [], rows: [], files: [] };
  for (const disguise of disguises) {
    const places = [Buffer.from("nothing"), Buffer.from(disguise)];
    expect([disguise, sightings(canaries.all, { ...nothing, files: places }).length]).toEqual([disguise, 1]);
    expect(sightings(canaries.all, { ...nothing, terminal: places })).toEqual([]);
  }
  expect(sightings(canaries.all, { ...nothing, log: [Buffer.from("quite another text")] })).toEqual([]);
  for (const shape of shapesOf(text)) expect(shape.length).toBeGreaterThan(16);
});
