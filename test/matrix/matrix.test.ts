/** Every route × everybody: what the server does is what `policy.ts` says, whatever the path is bent into. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type RawAnswer, sendRaw } from "../support/raw-http.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { expectations, expectedOutcome, type Outcome, type PrincipalName, routePolicy } from "./policy.ts";
import { everybody, type People } from "./principals.ts";

/** The error codes that mean: this caller is not let in. Any other answer comes from behind the guard. */
const REFUSALS: ReadonlySet<string> = new Set([
  ...Object.values(expectations).flatMap((row) => Object.values(row)),
  "fresh_proof_needed",
  "setup_required",
  "cross_site_request",
  "account_inactive",
]);
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] as const;

let server: TestServer;
let people: People;

beforeAll(async () => {
  server = await startServer();
  people = await everybody(server);
});
afterAll(() => server.stop());

const routes = () => server.routes.map(({ method, path }) => ({ method, path, name: `${method} ${path}` }));
/** An id that belongs to nobody, so that a call which gets through changes nothing. */
const concrete = (path: string) => path.replace(/\{\w+\}/g, "noSuchId1");

async function outcomeOf(answer: RawAnswer): Promise<Outcome | string> {
  if (answer.status < 400) return "reached";
  const { error, metadata } = JSON.parse(answer.body || "{}");
  const code = (error?.metadata ?? metadata)?.error_code ?? `status ${answer.status}`;
  return REFUSALS.has(code) ? code : "reached";
}

function knock(method: string, path: string, name: PrincipalName): Promise<RawAnswer> {
  const { headers, query = "" } = people.principals[name];
  const hasBody = !["GET", "HEAD", "OPTIONS"].includes(method);
  // A body that no operation accepts: whoever gets this far is told so by the operation, and nothing is changed.
  const body = hasBody ? { body: '{"matrix":true}' } : {};
  return sendRaw(server.url, {
    method,
    path: path + query,
    headers: { "content-type": "application/json", ...headers },
    ...body,
  });
}

test("every route that the server registers has a line in the policy, and the other way round", () => {
  expect(
    routes()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(routePolicy).sort());
});

test("every route treats everybody as the policy says", async () => {
  const wrong: string[] = [];
  for (const { method, path, name } of routes()) {
    const access = routePolicy[name];
    if (access === undefined) throw new Error(`${name} has no policy`);
    for (const principal of Object.keys(expectations[access]) as PrincipalName[]) {
      const expected = expectedOutcome(name, access, principal);
      // Logging out or ending sessions would change who the following principals are; streams of events do not end.
      if (expected === "reached" && /logout|revoke-others|activity-stream|dashboard\/changes/.test(path)) continue;
      const got = await outcomeOf(await knock(method, concrete(path), principal));
      if (got !== expected) wrong.push(`${name} for ${principal}: expected ${expected}, got ${got}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("no bent path or other method leads anybody to an operation that the policy keeps from them", async () => {
  const wrong: string[] = [];
  for (const { method, path, name } of routes()) {
    const expected = expectations[routePolicy[name] ?? "public"].nobody;
    if (expected === "reached") continue;
    for (const bent of bend(concrete(path))) {
      const answer = await knock(method, bent, "nobody");
      const isPage = method === "GET" && /text\/(?:html|plain)/.test(answer.headers["content-type"] ?? "");
      if (answer.status < 400 && !isPage) wrong.push(`${method} ${bent}: ${answer.status}`);
    }
    for (const other of METHODS) {
      if (other === method || other === "OPTIONS" || `${other} ${path}` in routePolicy) continue;
      const answer = await knock(other, concrete(path), "nobody");
      if (answer.status < 400) wrong.push(`${other} ${path}: ${answer.status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("a method in a header or field overrides nothing", async () => {
  const path = `/api/dashboard/keys/${people.ownersKeyId}`;
  for (const header of ["x-http-method-override", "x-method-override", "x-http-method"]) {
    const headers = { cookie: people.owner.cookie, [header]: "DELETE" };
    const answer = await sendRaw(server.url, { method: "GET", path: `${path}?_method=DELETE`, headers });
    expect(answer.status).toBe(200);
  }
  expect((await people.owner.dashboard(`/keys/${people.ownersKeyId}`)).body.state).toBe("active");
});

describe("somebody else's things", () => {
  test("a key of another account is simply not there, and stays as it is", async () => {
    const path = `/keys/${people.ownersKeyId}`;
    const before = (await people.owner.dashboard(path)).body;
    const tries = [
      await people.member.dashboard(path),
      await people.member.dashboard(path, { name: "Mine now" }, "PATCH"),
      await people.member.dashboard(path, { disabled: true }, "PATCH"),
      await people.member.dashboard(path, undefined, "DELETE"),
    ];
    for (const answer of tries)
      expect([answer.status, answer.body.error.metadata.error_code]).toEqual([404, "resource_not_found"]);
    expect((await people.owner.dashboard(path)).body).toEqual(before);
    expect(JSON.stringify((await people.member.dashboard("/keys")).body)).not.toContain(people.ownersKeyId);
  });

  test("a session of another account cannot be ended", async () => {
    const { sessions } = (await people.owner.dashboard("/account/sessions")).body;
    const answer = await people.member.dashboard(`/account/sessions/${sessions[0].id}`, undefined, "DELETE");
    expect(answer.status).toBe(404);
    expect((await people.owner.dashboard("/account")).status).toBe(200);
  });

  test("activity of another account's key is not shown, even by its id", async () => {
    const { secret, id } = await people.owner.createKey("Watched");
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Halo" }] };
    const answer = await server
      .visitor()
      .call("/api/v1/chat/completions", { body, headers: { authorization: `Bearer ${secret}` } });
    expect(answer.status).toBe(200);
    expect((await people.owner.dashboard(`/activity?keyId=${id}`)).body.rows).toHaveLength(1);
    expect((await people.member.dashboard(`/activity?keyId=${id}`)).body.rows).toHaveLength(0);
  });
});

describe("requests from other sites", () => {
  const cases: [Record<string, string>, boolean][] = [
    [{}, true],
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ origin: "https://evil.example.com" }, false],
    [{ origin: "null" }, false],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example.com" }, false],
  ];

  test("change nothing, whatever they call themselves", async () => {
    for (const [headers, isFine] of cases) {
      const answer = await people.owner.call("/api/dashboard/keys", {
        method: "POST",
        body: { name: "From afar" },
        headers,
      });
      expect([headers, answer.status]).toEqual([headers, isFine ? 201 : 403]);
    }
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const answer = await people.owner.call("/api/dashboard/keys", {
        body: { name: "Form" },
        headers: { "content-type": type },
      });
      expect([type, answer.status]).toEqual([type, 415]);
    }
  });

  test("reach no operation that changes anything, by no method, from no site and with no type of body", async () => {
    const cookie = people.owner.cookie;
    const from = ["cross-site", "same-site"].map((site) => ({ "sec-fetch-site": site }));
    const strange = [...from, { origin: "https://evil.example.com" }, { origin: "null" }];
    const types = ["application/json", "text/plain", "multipart/form-data", ""];
    const wrong: string[] = [];
    let knocked = 0;
    for (const { method, path, name } of routes()) {
      const isKept = path.startsWith("/api/dashboard") && method !== "GET" && routePolicy[name] !== "code";
      if (!isKept) continue;
      for (const [index, headers] of strange.entries()) {
        const type = types[(index + knocked) % types.length] ?? "";
        const answer = await sendRaw(server.url, {
          ...{ method, path: concrete(path), body: "{}" },
          headers: { cookie, ...headers, ...(type === "" ? {} : { "content-type": type }) },
        });
        knocked++;
        const { error } = JSON.parse(answer.body || "{}");
        const code = error?.metadata?.error_code;
        if (answer.status !== 403 || code !== "cross_site_request") wrong.push(`${name}: ${answer.status} ${code}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(knocked).toBeGreaterThan(150);
  });

  test("may call the API with a key, and never with a cookie", async () => {
    const { secret } = await people.owner.createKey("Web page");
    const body = { model: "gpt-3.5", messages: [{ role: "user", content: "Hi" }] };
    const origin = { origin: "https://app.example.com", "sec-fetch-site": "cross-site" };
    const page = server.visitor();
    const answer = await page.call("/api/v1/chat/completions", {
      body,
      headers: { ...origin, authorization: `Bearer ${secret}` },
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect((await people.owner.call("/api/v1/chat/completions", { body, headers: origin })).status).toBe(401);
  });
});

test("every answer, whatever its status, carries the security headers and a request id", async () => {
  const paths = [
    "/",
    "/keys",
    "/assets/none.js",
    "/nowhere/at.all",
    "/api/none",
    "/api/v1/none",
    "/health",
    "/../../etc/passwd",
  ];
  const knocks = [
    ...paths.map((path) => ["GET", path] as const),
    ...routes().map(({ method, path }) => [method, concrete(path)] as const),
    ["PUT", "/api/v1/models"] as const,
    ["POST", "/"] as const,
  ];
  for (const [method, path] of knocks) {
    const { headers, status } = await knock(method, path, "nobody");
    const where = `${method} ${path} (${status})`;
    expect([where, headers["content-security-policy"]]).toEqual([where, expect.stringContaining("default-src 'none'")]);
    expect([where, headers["x-content-type-options"]]).toEqual([where, "nosniff"]);
    expect([where, headers["referrer-policy"]]).toEqual([where, "no-referrer"]);
    expect([where, headers["cross-origin-opener-policy"]]).toEqual([where, "same-origin"]);
    expect([where, headers["x-request-id"]]).toEqual([where, expect.stringMatching(/^req_\w{24}$/)]);
    expect([where, headers["content-security-policy"]?.includes("unsafe")]).toEqual([where, false]);
  }
});

/** The ways in which a path can be written so that two readers may disagree about it. */
function bend(path: string): string[] {
  const [, first = "", ...rest] = path.split("/");
  const tail = rest.join("/");
  return [
    `${path}/`,
    `/${path}`,
    path.replaceAll("/", "//"),
    `/.${path}`,
    `/x/..${path}`,
    `${path}/.`,
    `${path}/x/..`,
    path.toUpperCase(),
    `/${first.toUpperCase()}/${tail}`,
    `/%61${path.slice(2)}`,
    `/${first}%2f${tail}`,
    `/${first}%252f${tail}`,
    `/${first}/%2e/${tail}`,
    `/${first}/%2e%2e/${first}/${tail}`,
    `${path};x=1`,
    `${path};.js`,
    `${path}.json`,
    `${path}%00`,
    `${path}%20`,
    `${path}%0a`,
    `${path}#x`,
    `${path}?x=1`,
    `\\${path.slice(1)}`,
    path.replace("/", "/\\"),
  ];
}
