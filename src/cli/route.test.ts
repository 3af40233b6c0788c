/** `gapura route` as people and scripts meet it: a process of its own beside a server that runs. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GapuraProcess, runGapura, spawnGapura } from "../../test/support/process.ts";

const folder = mkdtempSync(join(tmpdir(), "gapura-route-"));
let server: GapuraProcess;
let key: string;

const OWNER = ["--name", "Budi Santoso", "--email", "budi@example.com"];

beforeAll(async () => {
  server = await spawnGapura(folder);
  const made = await runGapura(["keys", "create", "Route", ...OWNER, "--data-dir", folder], { cwd: folder });
  key = made.out.trim();
}, 60_000);
afterAll(async () => {
  server.signal("SIGTERM");
  await server.ended;
  rmSync(folder, { recursive: true });
});

const route = (args: string[], env: Record<string, string> = { GAPURA_API_KEY: key }) =>
  runGapura(["route", ...args, "--url", server.url], { cwd: folder, env });

test("names who would answer and why, and says the same as the API as JSON", async () => {
  const shown = await route(["gpt-3.5"]);
  expect({ ...shown, out: "" }).toEqual({ code: 0, out: "", error: "" });
  expect(shown.out).toContain("1.  Sandbox  sandbox");
  expect(shown.out).toContain("the only endpoint");
  const told = JSON.parse((await route(["gpt-3.5", "--json"])).out);
  const body = JSON.stringify({ model: "gpt-3.5", messages: [{ role: "user", content: "Hello" }] });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const asked = await fetch(`${server.url}/api/v1/routing/dry-run`, { method: "POST", headers, body });
  expect(told).toEqual(((await asked.json()) as { data: unknown }).data);
}, 60_000);

test("takes any request and any wish, and ends with 1 where the request would be refused", async () => {
  writeFileSync(join(folder, "request.json"), JSON.stringify({ input: "Halo", provider: { zdr: true } }));
  const asked = ["gpt-3.5", "--api", "responses", "--body", "request.json", "--ignore", "sandbox, groq"];
  const refused = await route(asked);
  expect([refused.code, refused.out]).toEqual([1, expect.stringMatching(/^Passed over:\n {2}Sandbox .*ignored/)]);
  expect(refused.error).toContain("No endpoints found for");
  const { provider } = JSON.parse((await route([...asked, "--json"])).out);
  expect(provider).toEqual({ ignore: ["sandbox", "groq"], zdr: true });
}, 60_000);

test("says in words what is missing: a key, a key that counts, a server, a call that there is", async () => {
  const without = await route(["gpt-3.5"], {});
  expect([without.code, without.error.includes("GAPURA_API_KEY")]).toEqual([2, true]);
  const wrong = await route(["gpt-3.5"], { GAPURA_API_KEY: "gpr_wrong" });
  expect([wrong.code, wrong.out]).toEqual([3, ""]);
  expect((await route(["--api", "poem"])).code).toBe(2);
  const nobody = ["route", "gpt-3.5", "--url", "http://127.0.0.1:1"];
  const away = await runGapura(nobody, { cwd: folder, env: { GAPURA_API_KEY: key } });
  expect([away.code, away.error.includes("No Gapura answers")]).toEqual([1, true]);
}, 60_000);
