import { expect, test } from "bun:test";
import { asChecked } from "../../kernel/json.ts";
import { type ControlAppDeps, type ControlOperation, controlOperations, createControlApp } from "./app.ts";
import type { Handlers, Visitor } from "./handler.ts";

const INNER = "relation user_secret does not exist at /srv/inner.ts:7";
const visitor: Visitor = {
  ...{ ipAddress: "203.0.113.7", userAgent: null, requestId: "req_1", isLocal: true, locale: "en" },
};
const broken = () => {
  throw new Error(INNER);
};

function appThat(changes: Partial<ControlAppDeps> = {}) {
  const logged: { operation: string; error: unknown }[] = [];
  const signedIn = {
    ...{ userId: "user_1", sessionId: "s", name: "Siti", email: "siti@example.com" },
    ...{ role: "owner" as const, locale: null, createdAt: 1 },
    ...{ accountId: "user_1", teamRole: "owner" as const, onlyBy: null },
  };
  const app = createControlApp({
    handlers: asChecked<Handlers<ControlOperation>>(Object.fromEntries(controlOperations().map((id) => [id, broken]))),
    guard: {
      sessions: { authenticate: async () => signedIn },
      keys: { authenticate: broken },
      provenAt: async () => 0,
      clock: { nowMs: () => 0, monotonicMs: () => 0 },
      isOwner: async () => true,
      roleOfKey: async () => ({ role: "owner", createdBy: "user_1" }),
      needsSetup: async () => false,
      mailboxInUse: true,
      origin: "http://localhost:8787",
    },
    headers: { "x-content-type-options": "nosniff" },
    corsHeaders: {},
    site: async () => null,
    logFailure: (fields) => void logged.push(fields),
    ...changes,
  });
  return { app, logged };
}

const expectHidden = async (answer: Response, where: string) => {
  const text = await answer.text();
  expect([where, answer.status]).toEqual([where, 500]);
  expect([where, text.includes("req_1")]).toEqual([where, true]);
  expect([where, text.includes("user_secret") || text.includes("/srv/")]).toEqual([where, false]);
  expect([where, answer.headers.get("x-content-type-options")]).toEqual([where, "nosniff"]);
};

test("whatever breaks behind any operation is one plain sentence with a request id, and stands in the log", async () => {
  const { app, logged } = appThat();
  let asked = 0;
  for (const { method, path, operation } of app.routes()) {
    if (["POST", "PUT", "PATCH"].includes(method)) continue;
    const request = new Request(`http://localhost:8787${path.replace(/\{\w+\}/g, "webhook")}`, { method });
    const answer = await app.fetch(request, visitor);
    // What its schema refuses first never came to what is broken.
    if (answer.status === 400) continue;
    asked++;
    await expectHidden(answer, `${method} ${operation}`);
  }
  expect(asked).toBeGreaterThan(40);
  expect(logged).toHaveLength(asked);
  expect(String(logged[0]?.error)).toContain(INNER);
});

test("a guard, a reader of sessions or a site that breaks lets nobody in and tells nothing", async () => {
  const baseGuard: ControlAppDeps["guard"] = {
    sessions: { authenticate: async () => null },
    keys: { authenticate: broken },
    provenAt: async () => 0,
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    isOwner: async () => false,
    roleOfKey: async () => ({ role: null, createdBy: null }),
    needsSetup: async () => false,
    mailboxInUse: false,
    origin: "http://localhost:8787",
  };
  const guard = (changes: Partial<ControlAppDeps["guard"]>) => ({ guard: { ...baseGuard, ...changes } });
  const cases: [string, string, Partial<ControlAppDeps>][] = [
    ["the reader of sessions", "/api/dashboard/keys", guard({ sessions: { authenticate: broken } })],
    ["setup", "/api/dashboard/keys", guard({ needsSetup: broken })],
    ["keys", "/api/v1/keys", guard({})],
    ["the site", "/nowhere", { site: broken }],
  ];
  for (const [where, path, changes] of cases) {
    const { app } = appThat(changes);
    await expectHidden(await app.fetch(new Request(`http://localhost:8787${path}`), visitor), where);
    expect((await app.fetch(new Request("http://localhost:8787/api/dashboard/none"), visitor)).status).toBeGreaterThan(
      399,
    );
  }
});
