import { afterAll, afterEach, expect, test } from "bun:test";
import { forbiddenAddresses } from "../../test/wire/address-corpus.ts";
import { createAlertDoor } from "./alert-door.ts";

let hits: string[] = [];
let answer: () => Response | Promise<Response> = () => new Response();
const listener = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: ({ url }) => {
    hits.push(new URL(url).pathname);
    return answer();
  },
});
const place = `127.0.0.1:${listener.port}`;
const message = (url: string) => ({ url, headers: { "content-type": "application/json" }, body: '{"text":"Halo"}' });

afterEach(() => {
  hits = [];
  answer = () => new Response();
});
afterAll(() => listener.stop(true));

test("no forbidden address is taken for a channel or sent to, and what is said does not tell where a name leads", async () => {
  for (const { url, answers } of forbiddenAddresses) {
    const target = url.replaceAll("PORT", String(listener.port));
    const door = createAlertDoor([], async () => [...(answers ?? [])]);
    const said = await door.refusal(target);
    expect([target, said]).toEqual([target, expect.any(String)]);
    const failure = await door.send(message(target), 5_000).catch((error: Error) => error.message);
    expect([target, failure]).toEqual([target, expect.any(String)]);
    const hidden = (answers ?? []).filter((address) => !target.includes(address));
    for (const address of hidden) expect(`${said} ${failure}`).not.toContain(address);
  }
  expect(hits).toEqual([]);
});

test("what the operator allows is sent to, also without encryption; everything else must be https", async () => {
  const door = createAlertDoor([place], async () => ["93.184.216.34"]);
  expect(await door.refusal(`http://${place}/hook`)).toBeNull();
  expect(await door.send(message(`http://${place}/hook`), 5_000)).toBe(200);
  expect(await door.refusal("https://hooks.example.com/x")).toBeNull();
  expect(await door.refusal("http://hooks.example.com/x")).toBe("must begin with https://");
});

test("a redirect is an answer and leads nowhere", async () => {
  const door = createAlertDoor([place]);
  answer = () => Response.redirect(`http://${place}/elsewhere`, 307);
  expect(await door.send(message(`http://${place}/hook`), 5_000)).toBe(307);
  expect(hits).toEqual(["/hook"]);
});

test("who does not answer is given up in words, and a failure names neither the path nor the token in it", async () => {
  const door = createAlertDoor([place, "127.0.0.1:1"]);
  answer = () => new Promise(() => {});
  const late = await door.send(message(`http://${place}/bot1:secret`), 50).catch((error: Error) => error.message);
  expect(late).toBe("late");
  const closed = await door
    .send(message("http://127.0.0.1:1/bot1:secret"), 5_000)
    .catch((error: Error) => error.message);
  expect(closed).toBe("unreachable");
  expect(closed).not.toContain("secret");
});
