/** The command line as people and scripts meet it: real processes, each with a data folder of its own. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { runGapura } from "../../test/support/process.ts";
import { hashApiKey, parseApiKey } from "../kernel/api-key.ts";
import { openStorage } from "../storage/open.ts";
import { createKeyStore } from "../storage/stores/keys.ts";

const CANARY = "canary-8b2f-never-print";
const OWNER = ["--name", "Budi Santoso", "--email", "budi@example.com"];
const root = mkdtempSync(join(tmpdir(), "gapura-cli-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function newFolder(): string {
  folders += 1;
  return mkdtempSync(join(root, `${folders}-`));
}

const gapura = (cwd: string, args: string[], env: Record<string, string> = {}) => runGapura(args, { cwd, env });

async function storedKeys(folder: string) {
  const storage = await openStorage({ dataDir: join(folder, "data") });
  try {
    return await storage.db.selectFrom("api_key").selectAll().execute();
  } finally {
    await storage.close();
  }
}

describe("gapura keys create", () => {
  test("prints the key and nothing else on standard output, and stores only its hash", async () => {
    const folder = newFolder();
    const { code, out, error } = await gapura(folder, ["keys", "create", "Project Video Generator", ...OWNER]);
    expect({ code, error }).toMatchObject({ code: 0 });
    const key = out.trimEnd();
    expect(out).toBe(`${key}\n`);
    expect(parseApiKey(key)?.kind).toBe("inference");
    expect(error).toContain("Project Video Generator");
    expect(error).not.toContain(key);
    const [row, ...others] = await storedKeys(folder);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ hash: hashApiKey(key), name: "Project Video Generator" });
    expect(JSON.stringify(row)).not.toContain(key);
  });

  test("the key is one that the data plane admits at once", async () => {
    const folder = newFolder();
    const { out } = await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const storage = await openStorage({ dataDir: join(folder, "data") });
    const found = await createKeyStore(storage.db).findByHash(hashApiKey(out.trimEnd()));
    await storage.close();
    expect(found).toMatchObject({ name: "First", ownerActive: true, disabled_at: null });
  });

  test("the second key needs no name and goes to the owner; another address is not taken for a new owner", async () => {
    const folder = newFolder();
    await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const second = await gapura(folder, ["keys", "create", "Second", "--json"]);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ name: "Second", account: "budi@example.com" });
    const stranger = await gapura(folder, ["keys", "create", "Third", "--name", "Siti", "--email", "siti@example.com"]);
    expect(stranger).toMatchObject({ code: 2, out: "" });
    expect(stranger.error).toContain("already has an owner");
    expect(await storedKeys(folder)).toHaveLength(2);
  });

  test("without an account and without anybody to ask, it says which options are needed and creates nothing", async () => {
    const folder = newFolder();
    const { code, out, error } = await gapura(folder, ["keys", "create", "First"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain("--name");
    expect(error).toContain("--email");
    expect(await storedKeys(folder)).toEqual([]);
  });

  test("a wrong address, an empty description and an unknown account are refused in words", async () => {
    const folder = newFolder();
    const wrong = await gapura(folder, ["keys", "create", "x", "--name", "Budi", "--email", "budi"]);
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(wrong.error).toContain("--email");
    const blank = await gapura(folder, ["keys", "create", "  ", ...OWNER]);
    expect(blank).toMatchObject({ code: 2, out: "" });
    await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const unknown = await gapura(folder, ["keys", "create", "x", "--account", "budy@example.com"]);
    expect(unknown).toMatchObject({ code: 1, out: "" });
    expect(unknown.error).toContain("Did you mean budi@example.com?");
  });
});

describe("gapura keys list, disable, enable, delete", () => {
  test("a key goes through its states by its id, and a whole key is never accepted as an id", async () => {
    const folder = newFolder();
    const { key, id } = JSON.parse((await gapura(folder, ["keys", "create", "First", ...OWNER, "--json"])).out);
    const state = async () => {
      const { out } = await gapura(folder, ["keys", "list", "--json"]);
      expect(out).not.toContain(key);
      return JSON.parse(out).map((row: { id: string; state: string }) => [row.id, row.state]);
    };
    expect(await state()).toEqual([[id, "active"]]);
    expect((await gapura(folder, ["keys", "disable", id])).code).toBe(0);
    expect(await state()).toEqual([[id, "disabled"]]);
    expect((await gapura(folder, ["keys", "enable", id])).code).toBe(0);
    expect(await state()).toEqual([[id, "active"]]);
    const whole = await gapura(folder, ["keys", "disable", key]);
    expect(whole.code).toBe(2);
    expect(whole.error).not.toContain(key);
    const unasked = await gapura(folder, ["keys", "delete", id]);
    expect(unasked).toMatchObject({ code: 2, out: "" });
    expect(unasked.error).toContain("--yes");
    expect((await gapura(folder, ["keys", "delete", id, "--yes"])).code).toBe(0);
    expect(await state()).toEqual([]);
    expect((await gapura(folder, ["keys", "enable", id])).code).toBe(1);
  });

  test("a key gets a new secret, alone on standard output; the old one works as long as was said, or is ended before", async () => {
    const folder = newFolder();
    const { out: made } = await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const id = parseApiKey(made.trimEnd())?.publicId ?? "";
    const rotated = await gapura(folder, ["keys", "rotate", id, "--overlap", "24h"]);
    expect({ code: rotated.code, error: rotated.error }).toMatchObject({ code: 0 });
    const key = rotated.out.trimEnd();
    expect([rotated.out, parseApiKey(key)?.publicId]).toEqual([`${key}\n`, id]);
    expect(rotated.error).not.toContain(key);
    const endOf = async (secret: string) => {
      const storage = await openStorage({ dataDir: join(folder, "data") });
      const found = await createKeyStore(storage.db).findByHash(hashApiKey(secret));
      await storage.close();
      return found?.secretEndsAt;
    };
    expect(await endOf(key)).toBeNull();
    expect((await endOf(made.trimEnd())) ?? 0).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const second = await gapura(folder, ["keys", "rotate", id, "--overlap", "1h"]);
    expect([second.code, second.out, second.error]).toEqual([1, "", expect.stringContaining("still works")]);
    expect((await gapura(folder, ["keys", "end-former", id])).code).toBe(0);
    expect((await endOf(made.trimEnd())) ?? Number.MAX_SAFE_INTEGER).toBeLessThanOrEqual(Date.now());
    expect((await gapura(folder, ["keys", "end-former", id])).code).toBe(1);
    for (const wrong of ["8d", "1.5h", "soon", "169h"]) {
      expect([wrong, (await gapura(folder, ["keys", "rotate", id, "--overlap", wrong])).code]).toEqual([wrong, 2]);
    }
  }, 60_000);

  test("the list for people has a head, one line a key, and no colour codes in a pipe", async () => {
    const folder = newFolder();
    await gapura(folder, ["keys", "create", "First key", ...OWNER]);
    const { out } = await gapura(folder, ["keys", "list"]);
    const [head, line, ...rest] = out.trimEnd().split("\n");
    expect(head).toMatch(/^ID +KIND +STATE +CREATED +LAST USED +REQUESTS +SPENT +LIMIT +NAME$/);
    expect(line).toMatch(/^\w{8} +inference +active +\d{4}-\d\d-\d\d +never +0 +\$0 +none +First key$/);
    expect(rest).toEqual([]);
    expect(out).not.toContain("\u001b");
  });
});

describe("what bounds a key", () => {
  const listed = async (folder: string) => JSON.parse((await gapura(folder, ["keys", "list", "--json"])).out);

  test("a limit, its reset and an expiry can be set when a key is made, and changed or taken away", async () => {
    const folder = newFolder();
    const bounds = ["--limit", "12.5", "--reset", "weekly", "--expires", "2099-12-31"];
    await gapura(folder, ["keys", "create", "Bounded", ...OWNER, ...bounds]);
    const expiresAt = Date.UTC(2099, 11, 31, 23, 59, 59);
    const [{ id }] = await listed(folder);
    expect(await listed(folder)).toMatchObject([
      { kind: "inference", limitUsd: "12.5", limitReset: "weekly", expiresAt },
    ]);
    expect((await gapura(folder, ["keys", "list"])).out).toContain("$12.5 weekly");
    const edited = await gapura(folder, ["keys", "edit", id, "--name", "Free", "--limit", "none", "--reset", "none"]);
    expect(edited.code).toBe(0);
    expect(await listed(folder)).toMatchObject([{ name: "Free", limitUsd: null, limitReset: null, expiresAt }]);
    await gapura(folder, ["keys", "edit", id, "--rpm", "60", "--tpm", "90000", "--parallel", "4"]);
    await gapura(folder, ["keys", "edit", id, "--tpm", "none"]);
    expect(await listed(folder)).toMatchObject([{ rpm: 60, tpm: null, parallel: 4 }]);
    await gapura(folder, ["keys", "edit", id, "--expires", "2098-01-01"]);
    expect(await listed(folder)).toMatchObject([{ expiresAt: Date.UTC(2098, 0, 1, 23, 59, 59) }]);
    await gapura(folder, ["keys", "edit", id, "--expires", "none"]);
    expect(await listed(folder)).toMatchObject([{ expiresAt: null }]);
  });

  test("a management key is made as such and has no limit", async () => {
    const folder = newFolder();
    const { out, code } = await gapura(folder, ["keys", "create", "Service", "--management", ...OWNER]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^gprm_[0-9A-Za-z]{46}\n$/)]);
    const [{ id, kind }] = await listed(folder);
    expect(kind).toBe("management");
    expect((await gapura(folder, ["keys", "edit", id, "--limit", "5"])).code).toBe(1);
    expect((await gapura(folder, ["keys", "create", "Two", "--management", "--limit", "5"])).code).toBe(2);
    expect((await gapura(folder, ["keys", "edit", id, "--rpm", "5"])).code).toBe(1);
  });

  test("a bound that cannot be meant is refused with how it is written, and makes no key", async () => {
    const folder = newFolder();
    await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const wrong: [string[], string][] = [
      [["--limit", "lots"], "--limit"],
      [["--limit", "1.0000000001"], "9 decimals"],
      [["--limit=-1"], "negative"],
      [["--reset", "hourly"], "daily, weekly, monthly"],
      [["--rpm", "0"], "above zero"],
      [["--tpm", "1e3"], "--tpm 60"],
      [["--parallel", "many"], "--parallel"],
      [["--expires", "tomorrow"], "--expires 2027-12-31"],
      [["--expires", "2099-02-30"], "--expires"],
      [["--expires", "2020-01-01"], "passed"],
    ];
    for (const [options, words] of wrong) {
      const { code, error } = await gapura(folder, ["keys", "create", "Wrong", ...options]);
      expect([options, code, error]).toEqual([options, 2, expect.stringContaining(words)]);
    }
    expect(await listed(folder)).toHaveLength(1);
    const [{ id }] = await listed(folder);
    expect((await gapura(folder, ["keys", "edit", id])).code).toBe(2);
  }, 60_000);
});

describe("gapura backup", () => {
  test("writes a copy that holds the keys, and never writes over a file that is there", async () => {
    const folder = newFolder();
    await gapura(folder, ["keys", "create", "First", ...OWNER]);
    const copy = join(folder, "copy.db");
    const made = await gapura(folder, ["backup", "copy.db"]);
    expect(made).toMatchObject({ code: 0 });
    const { Database } = await import("bun:sqlite");
    const database = new Database(copy, { readonly: true });
    expect(database.query("select name from api_key").all()).toEqual([{ name: "First" }]);
    database.close();
    const again = await gapura(folder, ["backup", "copy.db"]);
    expect(again.code).toBe(1);
    expect(again.error).toContain("copy.db");
  });
});

describe("gapura doctor", () => {
  test("shows every value with its source and no secret, and ends with 0 when nothing has failed", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "gapura.config.yaml"), "logLevel: warn\n");
    const env = { PORT: "0", GAPURA_SECRET: `${CANARY}-${CANARY}` };
    const { code, out, error } = await gapura(folder, ["doctor", "--host", "127.0.0.1"], env);
    expect(out).toMatch(/^PORT +0 +PORT$/m);
    expect(out).toMatch(/^HOST +127\.0\.0\.1 +--host$/m);
    expect(out).toMatch(/^LOG_LEVEL +warn +.*gapura\.config\.yaml, line 1, logLevel$/m);
    expect(out).toMatch(/^GAPURA_SECRET +set, not shown +GAPURA_SECRET$/m);
    expect(out).not.toMatch(/^fail/m);
    expect(code).toBe(0);
    expect(out + error).not.toContain(CANARY);
    expect(readdirSync(folder)).toEqual(["gapura.config.yaml"]);
  });

  test("reports every wrong setting, an unreachable database, provider and mail server, without a secret, and ends with 1", async () => {
    const folder = newFolder();
    const wrong = await gapura(folder, ["doctor", "--json"], { PORT: "80a", LOG_LEVEL: "loud" });
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out).findings.map((finding: { state: string }) => finding.state)).toEqual(["fail", "fail"]);
    const { code, out, error } = await gapura(folder, ["doctor", "--json"], {
      PORT: "0",
      DATABASE_URL: `postgres://gapura:${CANARY}@127.0.0.1:1/gapura`,
      SMTP_URL: `smtp://gapura:${CANARY}@127.0.0.1:1`,
      OPENAI_API_KEY: `sk-${CANARY}`,
      OPENAI_BASE_URL: "http://127.0.0.1:1/v1",
      ALLOW_PRIVATE_UPSTREAM: "127.0.0.1:1",
    });
    expect(code).toBe(1);
    const failed = JSON.parse(out).findings.filter((finding: { state: string }) => finding.state === "fail");
    expect(failed.map((finding: { area: string }) => finding.area).sort()).toEqual(["database", "mail", "providers"]);
    for (const finding of failed) expect(finding.fix).not.toBe("");
    expect(out + error).not.toContain(CANARY);
  });

  test("a port that another program uses has failed, with another one to choose", async () => {
    const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { code, out } = await gapura(newFolder(), ["doctor"], { PORT: String(other.port) });
    await other.stop(true);
    expect(code).toBe(1);
    expect(out).toMatch(/^fail {2}port: .* is used by another program$/m);
  });
});

describe("every command", () => {
  test("a wrong configuration stops it with 2 and all problems at once, before anything is created", async () => {
    const folder = newFolder();
    const { code, out, error } = await gapura(folder, ["keys", "list"], {
      PORT: "80a",
      BASE_URL: `http://u:${CANARY}@x`,
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toContain("2 settings are wrong");
    expect(error).toContain("PORT: ");
    expect(error).toContain("BASE_URL: ");
    expect(error).not.toContain(CANARY);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a typo ends with 2 and the likely command; help and version end with 0 on standard output", async () => {
    const folder = newFolder();
    const typo = await gapura(folder, ["docter"]);
    expect(typo).toMatchObject({ code: 2, out: "" });
    expect(typo.error).toContain("gapura doctor");
    const [help, createHelp, version, json] = await Promise.all([
      gapura(folder, ["help"]),
      gapura(folder, ["keys", "create", "--help"]),
      gapura(folder, ["--version"]),
      gapura(folder, ["help", "--json"]),
    ]);
    expect(help).toMatchObject({ code: 0, error: "" });
    expect(help.out.indexOf("Examples:")).toBeLessThan(help.out.indexOf("Commands:"));
    expect(createHelp.out.indexOf("Examples:")).toBeLessThan(createHelp.out.indexOf("Usage:"));
    expect(createHelp.out).toContain("--account <email>");
    expect(version.out).toBe(`${packageJson.version}\n`);
    expect(JSON.parse(json.out).map((command: { command: string }) => command.command)).toContain("keys create");
  });
});
