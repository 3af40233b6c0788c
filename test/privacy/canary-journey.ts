/** Sends a canary through the product for every kind of secret, on good ways and on all that fail. */
import { createHash, randomBytes } from "node:crypto";
import type { ParsedMail } from "mailparser";
import type { Canaries } from "../support/canaries.ts";
import { bearer, managementKey } from "../support/keys.ts";
import { codeOf, fromBase32 } from "../support/proof.ts";
import { type RawRequest, sendRaw } from "../support/raw-http.ts";
import type { TestServer } from "../support/server.ts";
import type { TestSmtp } from "../support/smtp.ts";
import { type Answer, type CallOptions, expectStatus, type Visitor } from "../support/visitor.ts";

export const ORIGIN = "http://localhost:8787";
const OWNER = "owner@example.com";
const MAILED = {
  files:
    "the outbox holds a link until its mail is sent; then its row is emptied, and the file's freed bytes wait to be overwritten",
};
const SHOWN_AT_START = { terminal: "whoever starts the instance takes it from there" };
const TO_ITS_SENDER = { errors: "what a provider says of a request goes to whoever sent the request" };

export interface Journey {
  server: TestServer;
  smtp: TestSmtp;
  canaries: Canaries;
  owner: Visitor;
  /** Every answer of 400 and above, headers and body. */
  errors: string[];
  statuses: Set<number>;
  send(path: string, options?: CallOptions, who?: Visitor): Promise<Answer>;
  raw(request: RawRequest): Promise<void>;
}

/** Canaries that have to be known before the server starts. */
export function environment(canaries: Canaries, port: number): Record<string, string> {
  return {
    HOST: "0.0.0.0",
    BASE_URL: ORIGIN,
    SIGN_UP_POLICY: "open",
    ENCRYPTION_KEY: canaries.add("the encryption key", randomBytes(32).toString("base64")),
    OIDC_ISSUER: "http://127.0.0.1:9",
    OIDC_CLIENT_ID: "gapura",
    OIDC_CLIENT_SECRET: canaries.add("the secret for single sign-on"),
    GAPURA_SECRET: canaries.add("the secret of the instance"),
    OPENAI_API_KEY: canaries.add("a provider's key in the environment"),
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    ALLOW_PRIVATE_UPSTREAM: `127.0.0.1:${port},127.0.0.1:9`,
  };
}

export async function beginJourney(server: TestServer, smtp: TestSmtp, canaries: Canaries): Promise<Journey> {
  const owner = server.visitor({ origin: ORIGIN });
  const errors: string[] = [];
  const statuses = new Set<number>();
  const send: Journey["send"] = async (path, options, who = owner) => {
    const answer = await who.call(path, options);
    statuses.add(answer.status);
    if (answer.status >= 400) errors.push(JSON.stringify([...answer.headers]), JSON.stringify(answer.body));
    return answer;
  };
  const raw = async (request: RawRequest) => {
    const answer = await sendRaw(server.url, request);
    statuses.add(answer.status);
    if (answer.status >= 400) errors.push(JSON.stringify(answer.headers), answer.body);
  };
  const journey = { server, smtp, canaries, owner, errors, statuses, send, raw };
  const password = canaries.add("a password");
  const setupToken = canaries.add("the setup token", server.setupToken(), SHOWN_AT_START);
  const signUp = { name: "Siti", email: OWNER, password };
  await send("/api/dashboard/account/sign-up", {
    body: { ...signUp, setupToken: canaries.add("a wrong setup token") },
  });
  expectStatus(await send("/api/dashboard/account/sign-up", { body: { ...signUp, setupToken } }), 202);
  const token = await mailed(journey, "the owner's link to verify", OWNER);
  expectStatus(await send("/api/dashboard/account/verification", { body: { token } }), 200);
  expectStatus(await owner.login(OWNER, password), 200);
  addSession(journey, owner);
  return journey;
}

function addSession({ canaries }: Journey, who: Visitor): void {
  const value = decodeURIComponent(who.cookie.slice(who.cookie.indexOf("=") + 1));
  const [token = "", signature = ""] = value.split(".");
  canaries.add("a session", token);
  canaries.add("a session's signature", signature);
}

/** The token of the newest link to an address, which counts as a canary from then on. */
async function mailed({ smtp, canaries }: Journey, kind: string, to: string): Promise<string> {
  const tokenOf = (mail: ParsedMail) => /[?&](?:token|invitation)=([\w-]+)/.exec(mail.text ?? "")?.[1] ?? "";
  const isNew = (mail: ParsedMail) => tokenOf(mail) !== "" && canaries.all.every(({ text }) => text !== tokenOf(mail));
  return canaries.add(kind, tokenOf(await smtp.mailTo(to, isNew)), MAILED);
}

/** Passwords, links by mail and sessions, right and wrong ones. Resolves to the owner's password. */
export async function throughAccounts(journey: Journey): Promise<string> {
  const { server, canaries, owner, send } = journey;
  const dashboard = (path: string, body: unknown, who = owner) => send(`/api/dashboard${path}`, { body }, who);
  const member = server.visitor({ origin: ORIGIN });
  const email = "budi@example.com";
  const chosen = canaries.add("a member's password");
  await dashboard("/account/sign-up", { name: "Budi", email, password: chosen }, member);
  const verification = await mailed(journey, "a link to verify", email);
  await dashboard("/account/verification", { token: `${verification.slice(0, -1)}_` }, member);
  await send(`/api/dashboard/account/verification?token=${verification}`, {}, member);
  expectStatus(await dashboard("/account/verification", { token: verification }, member), 200);
  await dashboard("/account/login", { email, password: canaries.add("a wrong password") }, member);
  expectStatus(await dashboard("/account/login", { email, password: chosen }, member), 200);
  addSession(journey, member);
  const wrong = canaries.add("a wrong current password");
  const next = canaries.add("a new password");
  await dashboard("/account/password/change", { currentPassword: wrong, newPassword: next }, member);
  await dashboard("/account/password/change", { currentPassword: chosen, newPassword: next }, member);
  await dashboard("/account/email/change", { currentPassword: next, newEmail: "baru@example.com" }, member);
  await dashboard("/account/verification", {
    token: await mailed(journey, "a link to change an address", "baru@example.com"),
  });
  await dashboard("/account/password/forgot", { email: OWNER });
  const reset = await mailed(journey, "a link to reset", OWNER);
  const again = canaries.add("a password after a reset");
  await dashboard("/account/password/reset", { token: reset, password: "too short" });
  expectStatus(await dashboard("/account/password/reset", { token: reset, password: again }), 200);
  await dashboard("/account/password/reset", { token: reset, password: canaries.add("a password for a used link") });
  await dashboard("/account/login", { email: [again], password: { again } });
  expectStatus(await dashboard("/account/login", { email: OWNER, password: again }), 200);
  addSession(journey, owner);
  await dashboard("/invitations", { email: "tamu@example.com" });
  await mailed(journey, "an invitation", "tamu@example.com");
  return again;
}

/** Keys of every kind, in the places where they belong and where they do not. */
export async function throughKeys(journey: Journey): Promise<string> {
  const { server, smtp, canaries, owner, send } = journey;
  const made = await owner.createKey("Bot");
  const key = canaries.addKey("a key", made.secret);
  const management = canaries.addKey("a management key", (await managementKey(owner)).secret);
  const rotated = await send(`/api/dashboard/keys/${made.id}/rotation`, { body: { overlapSeconds: 3_600 } });
  canaries.addKey("a rotated key", expectStatus(rotated, 200).body.secret);
  const byApi = await send("/api/v1/keys", { body: { name: "By API" }, headers: bearer(management) }, server.visitor());
  const leaked = canaries.addKey("a reported key", byApi.body.key);
  const url = `javascript:${canaries.add("an address in a report that is none")}`;
  expectStatus(await send("/api/v1/leak-report", { body: { key: leaked, url } }, server.visitor()), 202);
  await send("/api/v1/leak-report", { body: { key: canaries.add("no key at all") } }, server.visitor());
  await send("/api/v1/leak-report", { body: { keys: canaries.add("a report of another shape") } }, server.visitor());
  await send("/api/v1/leak-report/github", { body: [{ token: key, type: "gapura", url }] }, server.visitor());
  const verifier = canaries.add("a verifier", randomBytes(32).toString("base64url"));
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const request = {
    callback_url: "https://app.example.com/",
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  const granting = { request, limitUsd: null, limitReset: null };
  const { body } = expectStatus(await send("/api/dashboard/oauth/authorization", { body: granting }), 201);
  const code = canaries.add("an authorization code", body.code);
  const exchange = (code_verifier: string) =>
    send("/api/v1/auth/keys", { body: { code, code_verifier } }, server.visitor());
  const exchanged = await exchange(verifier);
  canaries.addKey("a key of a program", expectStatus(exchanged, 200).body.key);
  await exchange(canaries.add("a wrong verifier", randomBytes(32).toString("base64url")));
  await smtp.mailTo(OWNER, ({ subject }) => subject?.includes("has leaked") === true);
  await inWrongPlaces(journey, [key, management]);
  return key;
}

async function inWrongPlaces({ server, send, raw }: Journey, keys: readonly string[]): Promise<void> {
  const body = { model: "openai/gpt-4o", messages: [] };
  for (const key of keys) {
    const headers: Record<string, string>[] = [
      ...[`Bearer ${key.slice(0, -1)}_`, `Bearer  ${key} x`, `bearer ${key}${key}`, `Token ${key}`, key].map((one) => ({
        authorization: one,
      })),
      { authorization: `Basic ${btoa(`user:${key}`)}` },
      ...["x-api-key", "api-key", "x-goog-api-key", "cookie"].map((name) => ({ [name]: `session=${key}` })),
    ];
    for (const each of headers) {
      for (const path of ["/api/v1/chat/completions", "/v1/messages", "/api/v1/nowhere"]) {
        await send(path, { body, headers: each }, server.visitor());
      }
      await send("/api/v1/keys", { headers: each }, server.visitor());
    }
    for (const path of [
      `/api/v1/keys/${key}`,
      `/api/v1/${key}`,
      `/api/dashboard/keys/${key}`,
      `/api/dashboard/${key}`,
      `/api/v1/models?key=${key}`,
      `/api/v1/key?api_key=${key}&token=${key}`,
      `/api/v1/generation?id=${key}`,
      `/v1/models/${key}:generateContent?key=${key}`,
    ]) {
      await send(path);
      await send(path, { headers: bearer(`${key}x`) }, server.visitor());
      await send(path, { method: "PUT", headers: bearer(key) }, server.visitor());
    }
    const lines = [`authorization: Bearer ${key}x`, `authorization: Bearer ${key}y`, `x bad: ${key}`];
    await raw({ method: "GET", path: `/api/v1/key?${key}`, lines });
  }
}

/** A second factor: what the app holds, the codes on paper, and the token between the two steps. */
export async function throughSecondFactor({ server, canaries, owner, send }: Journey, password: string): Promise<void> {
  const step = (path: string, body: object, who: Visitor) => send(`/api/dashboard/account${path}`, { body }, who);
  const wrong = canaries.add("a wrong password for an app");
  await step("/authenticator", { currentPassword: wrong }, owner);
  const begun = expectStatus(await step("/authenticator", { currentPassword: password }, owner), 201);
  const secret = fromBase32(canaries.add("the secret of an app as it is typed", begun.body.secret));
  canaries.add("the secret of an app", secret);
  await step("/authenticator/confirm", { code: "000000" }, owner);
  const confirmed = await step("/authenticator/confirm", { code: await codeOf(secret) }, owner);
  const [first = "", ...others] = expectStatus(confirmed, 200).body.recoveryCodes.map((code: string) =>
    canaries.add("a recovery code", code),
  );
  const phone = server.visitor({ origin: ORIGIN });
  const { secondFactor } = expectStatus(await step("/login", { email: OWNER, password }, phone), 200).body;
  const token = canaries.add("the token between two steps", secondFactor.token);
  await step("/login/second-factor", { token, code: canaries.add("a code that is none") }, phone);
  await step("/login/second-factor", { token, recoveryCode: `${others[0]}x` }, phone);
  expectStatus(await step("/login/second-factor", { token, recoveryCode: first }, phone), 200);
  await step("/login/second-factor", { token, recoveryCode: first }, phone);
  await step("/login/single-sign-on", {}, phone);
  await step("/login/single-sign-on/answer", { query: `code=${canaries.add("a provider's code")}&state=x` }, phone);
}

/** Ways in which the provider fails, each under an address of its own, so that none rests because of another. */
export const FAILURES = ["500", "401", "400", "429", "junk", "cut"] as const;

/** Where alerts go: what webhooks are signed with, addresses that are secret themselves, and the token of a bot. */
export async function throughChannels({ canaries, send }: Journey, upstream: string): Promise<void> {
  const path = "/api/dashboard/alert-settings/channels";
  const webhook = { channel: "webhook", url: `${upstream}/does-500/${canaries.add("the address of a webhook")}` };
  const { body } = expectStatus(await send(path, { body: webhook }), 200);
  canaries.add("the secret of a webhook", body.secret.replace("whsec_", ""));
  expectStatus(await send(`${path}/webhook/test`, { body: {} }), 200);
  const slack = { channel: "slack", url: `http://127.0.0.1:9/services/${canaries.add("the address of Slack")}` };
  expectStatus(await send(path, { body: slack }), 200);
  expectStatus(await send(`${path}/slack/test`, { body: {} }), 200);
  await send(path, { body: { channel: "slack", url: canaries.add("an address that is none") } });
  const token = `1234567890:${canaries.add("the token of a bot")}`;
  await send(path, { body: { channel: "telegram", token: `${token} `, chat: "1" } });
  expectStatus(await send(path, { body: { channel: "telegram", token, chat: "1" } }), 200);
  expectStatus(await send(`${path}/telegram`, { method: "DELETE" }), 200);
}

/** Requests to models: bodies, answers, providers that refuse, fail, lie and repeat, and one that is not there. */
export async function throughModels(
  { server, canaries, send, raw }: Journey,
  { key, upstream }: { key: string; upstream: string },
): Promise<void> {
  const typed = canaries.add("a provider's key typed in");
  const lab = (slug: string, baseUrl: string) => ({
    type: "openai-compatible",
    slug,
    fields: { baseUrl, apiKey: typed },
  });
  const closed = lab("closed", "http://127.0.0.1:9/v1");
  for (const failure of FAILURES) {
    const body = lab(`does-${failure}`, `${upstream}/does-${failure}/v1`);
    expectStatus(await send("/api/dashboard/providers/keys", { body }), 201);
  }
  expectStatus(await send("/api/dashboard/providers/keys", { body: closed }), 201);
  await send("/api/dashboard/providers/test", { body: closed });
  await send("/api/dashboard/providers/keys", { body: { ...lab("x", "no address"), more: typed } });
  const content = canaries.add("a prompt", undefined, TO_ITS_SENDER);
  const secretly = {
    authorization: `Bearer ${key}`,
    "x-canary": canaries.add("a header"),
    cookie: `a=${canaries.add("a cookie")}`,
  };
  const call = (path: string, body: object) => {
    const query = `?note=${canaries.add(`a query of ${path}`)}`;
    return send(`/api/v1/${path}${query}`, { body, headers: secretly }, server.visitor());
  };
  const messages = [{ role: "user", content }];
  for (const model of ["openai/gpt-4o", "closed/m", ...FAILURES.map((failure) => `does-${failure}/gpt-4o`)]) {
    await call("chat/completions", { model, messages });
    await call("chat/completions", { model, messages, stream: true });
    await call("responses", { model, input: content });
    await call("messages", { model, messages, max_tokens: 9 });
    await call("completions", { model, prompt: content });
    await call("embeddings", { model, input: content });
  }
  for (const path of ["chat/completions", "responses", "messages", "embeddings", "keys", "leak-report", "auth/keys"]) {
    const text = canaries.add(`malformed JSON for ${path}`);
    for (const body of [`{"model": "${text}`, `{"messages": ["${text}"], ${text}}`, text, `["${text}"]`]) {
      const headers = { ...bearer(key), "content-type": "application/json" };
      await raw({ method: "POST", path: `/api/v1/${path}`, headers, body });
    }
    await call(path, { model: 7, messages: canaries.add(`a wrong type for ${path}`), stream: "yes" });
  }
}
