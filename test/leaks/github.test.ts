/** GitHub's secret scanning: only what GitHub has signed is believed, and every real key in it is frozen. */
import { expect, test } from "bun:test";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createApiKey } from "../../src/kernel/api-key.ts";
import { onEachEngine } from "../support/each-server.ts";
import { bearer } from "../support/keys.ts";
import { expectStatus, until } from "../support/visitor.ts";

const PATH = "/api/v1/leak-report/github";
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }) as string;
const pair = (namedCurve = "P-256") => generateKeyPairSync("ec", { namedCurve });

onEachEngine(({ start, databases }) => {
  async function begin() {
    const keys = pair();
    const state = {
      asked: 0,
      isDown: false,
      list: [{ key_identifier: "current", key: pem(keys.publicKey), is_current: true }],
    };
    const github = Bun.serve({
      port: 0,
      fetch: () => {
        state.asked++;
        if (state.isDown) return new Response("no", { status: 500 });
        return Response.json({ public_keys: state.list });
      },
    });
    databases.afterwards(() => github.stop(true));
    const where = `127.0.0.1:${github.port}`;
    const server = await start({ GITHUB_KEYS_URL: `http://${where}/keys`, ALLOW_PRIVATE_UPSTREAM: where });
    const person = await server.visitor().join("owner@example.com");
    const post = async (body: string, { id = "current", key = keys.privateKey, signature = "" } = {}) => {
      const made = sign("sha256", Buffer.from(body), key).toString("base64");
      const answer = await fetch(`${server.url}${PATH}`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "Github-Public-Key-Identifier": id,
          "Github-Public-Key-Signature": signature === "" ? made : signature,
        },
      });
      return { status: answer.status, body: (await answer.json()) as never as Record<string, never>[] };
    };
    const works = async (key: string) => (await server.visitor(bearer(key)).call("/api/v1/key")).status;
    return { server, person, state, keys, post, works };
  }
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const finding = (token: string, url = "https://github.com/octocat/Hello-World/blob/1/a.txt") => ({
    token,
    type: "gapura_api_key",
    url,
    source: "content",
  });

  test("real keys are frozen and called true positives, everything else false ones, in GitHub's form", async () => {
    const { person, post, works } = await begin();
    const live = await person.createKey("Published");
    const deleted = await person.createKey("Deleted");
    await person.dashboard(`/keys/${deleted.id}`, undefined, "DELETE");
    const stranger = createApiKey("inference").key;
    const tokens = [live.secret, deleted.secret, stranger, "gpr_nonsense", live.secret];
    const { status, body } = await post(JSON.stringify(tokens.map((token) => finding(token))));
    expect(status).toBe(200);
    const label = (token: string, isReal: boolean) => ({
      token_hash: hash(token),
      token_type: "gapura_api_key",
      label: isReal ? "true_positive" : "false_positive",
    });
    expect(body as unknown).toEqual([
      label(live.secret, true),
      label(deleted.secret, true),
      label(stranger, false),
      label("gpr_nonsense", false),
      label(live.secret, true),
    ]);
    expect(await works(live.secret)).toBe(401);
    const isFrozen = ({ subject }: { subject: string }) => subject.includes("has leaked and is frozen");
    const mail = await until(async () => (await person.mailsTo("owner@example.com")).find(isFrozen));
    const { text } = (await person.dashboard(`/mailbox/${mail.id}`)).body;
    expect([text.includes("https://github.com/octocat"), text.includes(live.secret)]).toEqual([true, false]);
  });

  test("a report that was changed by a byte, written anew, signed by another or with an unknown key freezes nothing", async () => {
    const { person, post, works, keys } = await begin();
    const { secret } = await person.createKey("Safe");
    const body = JSON.stringify([finding(secret)]);
    const signature = sign("sha256", Buffer.from(body), keys.privateKey).toString("base64");
    const other = pair().privateKey;
    for (const attempt of [
      () => post(`${body} `, { signature }),
      () => post(JSON.stringify(JSON.parse(body), null, 1), { signature }),
      () => post(body, { key: other }),
      () => post(body, { id: "unknown" }),
      () => post(body, { id: "" }),
      () => post(body, { signature: "AAAA" }),
      () => post("[]", { signature }),
    ]) {
      expect((await attempt()).status).toBe(403);
    }
    expect(await works(secret)).toBe(200);
    expect((await post(body)).status).toBe(200);
    expect(await works(secret)).toBe(401);
  });

  test("the keys are read once, unknown ones make nobody ask again at once, and a key of another curve is not taken", async () => {
    const { post, state } = await begin();
    const weak = pair("P-384");
    state.list.push({ key_identifier: "weak", key: pem(weak.publicKey), is_current: true });
    for (let times = 0; times < 3; times++) expect((await post("[]")).status).toBe(200);
    for (const id of ["a", "b", "c"]) expect((await post("[]", { id })).status).toBe(403);
    expect((await post("[]", { id: "weak", key: weak.privateKey })).status).toBe(403);
    expect(state.asked).toBe(1);
  });

  test("while GitHub cannot be asked a report is to be sent again, and is taken once it can", async () => {
    const { server, post, state } = await begin();
    state.isDown = true;
    expect((await post("[]")).status).toBe(503);
    state.isDown = false;
    server.pass(61_000);
    expect((await post("[]")).status).toBe(200);
  });

  test("what is signed and is no list of findings is refused, and ten thousand findings are answered one for one", async () => {
    const { post } = await begin();
    for (const body of ["{}", "nonsense", '[{"type":"x"}]']) expect((await post(body)).status).toBe(400);
    const many = Array.from({ length: 10_000 }, (_, at) => finding(`gpr_${String(at).padStart(46, "0")}`));
    const { status, body } = await post(JSON.stringify(many));
    expect([status, body.length]).toEqual([200, 10_000]);
  });

  test("there is no such endpoint while the operator has not switched it on", async () => {
    const server = await start();
    const answer = await server.visitor().call(PATH, { body: [] });
    expectStatus(answer, 404);
  });
});
