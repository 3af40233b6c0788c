/** The OAuth flow over HTTP: whose consent, where a code may go, and that it becomes one key for the right program. */

import { expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { onEachEngine } from "../support/each-server.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { type Answer, expectStatus, type Visitor } from "../support/visitor.ts";

const CALLBACK = "https://app.example.com/callback?state=abc";

function proof() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

const grant = (person: Visitor, request: Record<string, string>, limit: Record<string, unknown> = {}) =>
  person.dashboard("/oauth/authorization", { request, limitUsd: null, limitReset: null, ...limit });

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const person = await server.visitor().join("siti@example.com");
    const exchange = (body: unknown): Promise<Answer> => server.visitor().call("/api/v1/auth/keys", { body });
    const granted = async (request: Record<string, string>): Promise<string> =>
      expectStatus(await grant(person, request), 201).body.code;
    return { server, person, exchange, granted };
  }

  test("a person's consent becomes a key of theirs that may do what they agreed to, and no more", async () => {
    const { server, person, exchange } = await begin();
    const { verifier, challenge } = proof();
    const request = { callback_url: CALLBACK, code_challenge: challenge, code_challenge_method: "S256", limit: "50" };
    const asked = await person.dashboard(`/oauth/authorization?${new URLSearchParams(request)}`);
    expect(asked.body).toEqual({
      appOrigin: "https://app.example.com",
      keyName: "app.example.com",
      limitUsd: "50",
      limitReset: null,
      expiresAt: null,
      denyUrl: "https://app.example.com/callback?state=abc&error=access_denied",
    });
    const { body } = expectStatus(await grant(person, request, { limitUsd: "2.5", limitReset: "weekly" }), 201);
    expect(body.redirectUrl).toBe(`${CALLBACK}&code=${body.code}`);
    const made = expectStatus(await exchange({ code: body.code, code_verifier: verifier }), 200).body;
    expect(made.user_id).toBe((await person.dashboard("/account")).body.id);
    const current = await server.visitor().call("/api/v1/key", { headers: bearer(made.key) });
    expect(current.body.data).toMatchObject({ limit: 2.5, limit_reset: "weekly", name: "app.example.com" });
    const [row] = (await person.dashboard("/keys")).body.keys;
    expect(row).toMatchObject({ appOrigin: "https://app.example.com", limitUsd: "2.5", kind: "inference" });
    const { secret } = await managementKey(person);
    const listed = await server.visitor().call("/api/v1/keys", { headers: bearer(secret) });
    expect(listed.body.data).toEqual([]);
    const byHash = await server.visitor().call(`/api/v1/keys/${row.hash}`, { headers: bearer(secret) });
    expect(byHash.status).toBe(200);
  });

  test("of twenty exchanges at once exactly one gets a key", async () => {
    const { exchange, granted, person } = await begin();
    const code = await granted({ callback_url: CALLBACK });
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange({ code })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 403)]);
    expect((await person.dashboard("/keys")).body.total).toBe(1);
  });

  test("without the right verifier there is no key, and the code is gone", async () => {
    const { exchange, granted } = await begin();
    const { verifier, challenge } = proof();
    const s256 = { callback_url: CALLBACK, code_challenge: challenge, code_challenge_method: "S256" };
    const plain = { callback_url: CALLBACK, code_challenge: verifier };
    const cases: [Record<string, string>, Record<string, string>][] = [
      [s256, {}],
      [s256, { code_verifier: proof().verifier }],
      [s256, { code_verifier: challenge }],
      [plain, { code_verifier: challenge }],
      [plain, {}],
      [{ callback_url: CALLBACK }, { code_verifier: verifier }],
    ];
    for (const [request, proven] of cases) {
      const code = await granted(request);
      const refused = await exchange({ code, ...proven });
      expect([refused.status, refused.body.error.metadata.error_code]).toEqual([403, "code_verifier_wrong"]);
      expect((await exchange({ code, code_verifier: verifier })).body.error.metadata.error_code).toBe(
        "auth_code_invalid",
      );
    }
    for (const request of [s256, plain, { ...plain, code_challenge_method: "plain" }]) {
      expect((await exchange({ code: await granted(request), code_verifier: verifier })).status).toBe(200);
    }
  });

  test("a wrong method is 400 and leaves the code alone, a wrong verb 405, a wrong code 403", async () => {
    const { exchange, granted, server } = await begin();
    const { verifier, challenge } = proof();
    const code = await granted({ callback_url: CALLBACK, code_challenge: challenge, code_challenge_method: "S256" });
    for (const method of ["plain", "s256", "none", 1]) {
      const answer = await exchange({ code, code_verifier: verifier, code_challenge_method: method });
      expect([method, answer.status, answer.body.error.message]).toEqual([
        method,
        400,
        expect.stringContaining("code_challenge_method"),
      ]);
    }
    expect((await exchange({ code, code_verifier: verifier, code_challenge_method: "S256" })).status).toBe(200);
    for (const unknown of ["", "nonsense", randomBytes(32).toString("base64url")]) {
      expect([unknown, (await exchange({ code: unknown })).status]).toEqual([unknown, 403]);
    }
    expect((await exchange({})).status).toBe(400);
    const verb = await server.visitor().call("/api/v1/auth/keys");
    expect([verb.status, verb.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("a page of another origin exchanges its code; a cookie counts for nothing there", async () => {
    const { granted, server, person } = await begin();
    const headers = { origin: "https://app.example.com", "sec-fetch-site": "cross-site" };
    const answer = await server
      .visitor()
      .call("/api/v1/auth/keys", { body: { code: await granted({ callback_url: CALLBACK }) }, headers });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    const byCookie = await person.call("/api/v1/auth/keys/code", { body: { callback_url: CALLBACK } });
    expect(byCookie.status).toBe(401);
  });

  test("another site can neither give nor ask for the consent of somebody signed in", async () => {
    const { person } = await begin();
    const body = { request: { callback_url: CALLBACK }, limitUsd: null, limitReset: null };
    const headers = { origin: "https://evil.example.com", "sec-fetch-site": "cross-site" };
    const answer = await person.call("/api/dashboard/oauth/authorization", { body, headers });
    expect([answer.status, answer.body.error.metadata.error_code]).toEqual([403, "cross_site_request"]);
  });

  test("what an app cannot mean is refused by name, before anybody is asked", async () => {
    const { person } = await begin();
    const wrong: [string, Record<string, string>][] = [
      ["callback_url", { callback_url: "http://app.example.com/" }],
      ["callback_url", { callback_url: "javascript:alert(1)" }],
      ["code_challenge", {}],
      ["code_challenge", { callback_url: CALLBACK, code_challenge: "short", code_challenge_method: "S256" }],
      ["code_challenge", { callback_url: CALLBACK, code_challenge_method: "S256" }],
      ["code_challenge_method", { callback_url: CALLBACK, code_challenge: "x", code_challenge_method: "MD5" }],
      ["limit", { callback_url: CALLBACK, limit: "-1" }],
      ["limit", { callback_url: CALLBACK, limit: "lots" }],
      ["usage_limit_type", { callback_url: CALLBACK, usage_limit_type: "hourly" }],
      ["expires_at", { callback_url: CALLBACK, expires_at: "2020-01-01T00:00:00Z" }],
      ["key_label", { callback_url: CALLBACK, key_label: "x".repeat(101) }],
      ["key_label", { callback_url: CALLBACK, key_label: "a\u202emoc.live" }],
    ];
    for (const [field, request] of wrong) {
      const asked = await person.dashboard(`/oauth/authorization?${new URLSearchParams(request)}`);
      expect([request, asked.status, asked.body.error?.message]).toEqual([
        request,
        400,
        expect.stringContaining(field),
      ]);
      expect([request, (await grant(person, request)).status]).toEqual([request, 400]);
    }
  });
});
