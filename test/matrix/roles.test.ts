/** Every role × every operation, at the guard that every call passes: no server is needed for that. */
import { expect, test } from "bun:test";
import { type OperationId, operations } from "../../src/contract/operations.ts";
import { ABILITIES, ROLES, type Role, rightFor } from "../../src/contract/roles.ts";
import { admit, type GuardDeps } from "../../src/control/http/guard.ts";
import type { AuthenticatedKey, SignedIn, Visitor } from "../../src/control/http/handler.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { GapuraError } from "../../src/kernel/errors.ts";
import { MANAGERS_ALONE, MEMBERS_OWN, NOT_FOR_MEMBERS, NOT_FOR_VIEWERS, OWNER_ALONE } from "./role-policy.ts";

const TEAM = "team_one";
const PERSON = "user_siti";
const NOW = 1_800_000_000_000;

const visitor: Visitor = {
  ...{ ipAddress: "127.0.0.1", userAgent: null, requestId: "req_1", isLocal: true },
  locale: "en",
};

function signedIn(role: Role): SignedIn {
  return {
    ...{ userId: PERSON, sessionId: "s", name: "Siti", email: "siti@example.com", role: "member", locale: null },
    ...{ createdAt: 0, accountId: TEAM, teamRole: role, onlyBy: null },
  };
}

function guard(role: Role | null, kind: AuthenticatedKey["kind"] = "management"): GuardDeps {
  return {
    sessions: { authenticate: async () => (role === null ? null : signedIn(role)) },
    keys: {
      authenticate: async () => ({
        ...{ id: "k", userId: TEAM, kind, name: "Key", label: "gpr_…", expiresAt: null, allowedModels: null },
      }),
    },
    roleOfKey: async () => ({ role, createdBy: PERSON }),
    provenAt: async () => NOW,
    clock: { ...systemClock, nowMs: () => NOW },
    isOwner: async () => true,
    needsSetup: async () => false,
    mailboxInUse: true,
    origin: "http://localhost",
  };
}

type Met = "all" | "own" | "refused";

async function meets(id: OperationId, deps: GuardDeps, headers: Record<string, string> = {}): Promise<Met> {
  const request = new Request("http://localhost/", { headers });
  try {
    const { account, key } = await admit(deps, { id, ...operations[id] }, { request, visitor });
    return (account ?? key)?.onlyBy === PERSON ? "own" : "all";
  } catch (error) {
    if (error instanceof GapuraError && error.code === "role_too_low") return "refused";
    throw error;
  }
}

function expected(id: OperationId, role: Role): Met {
  if (role === "owner") return "all";
  if (OWNER_ALONE.includes(id)) return "refused";
  if (role === "admin") return "all";
  if (MANAGERS_ALONE.includes(id)) return "refused";
  if (role === "viewer") return NOT_FOR_VIEWERS.includes(id) ? "refused" : "all";
  if (NOT_FOR_MEMBERS.includes(id)) return "refused";
  return MEMBERS_OWN.includes(id) ? "own" : "all";
}

const ids = Object.keys(operations) as OperationId[];
const byAccess = (...access: string[]) => ids.filter((id) => access.includes(operations[id].access));

test("each role meets at each operation of a person what the policy says", async () => {
  const wrong: string[] = [];
  for (const id of byAccess("session")) {
    for (const role of ROLES) {
      const met = await meets(id, guard(role));
      if (met !== expected(id, role)) wrong.push(`${id} for ${role}: expected ${expected(id, role)}, got ${met}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("a key administers what the role of its maker allows, and nothing when its maker has left", async () => {
  const wrong: string[] = [];
  for (const id of byAccess("management", "anyKey")) {
    for (const role of ROLES) {
      const met = await meets(id, guard(role));
      if (met !== expected(id, role)) wrong.push(`${id} for a key of a ${role}: got ${met}`);
    }
    if ((await meets(id, guard(null))) !== "refused") wrong.push(`${id} for a key of somebody who left`);
  }
  expect(wrong).toEqual([]);
});

test("an inference key goes on when its maker has left, and shows what was used through the keys of that person alone", async () => {
  for (const id of byAccess("anyKey"))
    expect([id, await meets(id, guard(null, "inference"))]).toEqual([id, expected(id, "member")]);
});

test("a page that shows another account than the session works in is told so, and a header gives nobody an account", async () => {
  const shown = (account: string) => meets("deleteKey", guard("member"), { "x-gapura-account": account });
  expect(await shown(TEAM)).toBe("own");
  for (const other of [PERSON, "team_two", ""])
    expect(await shown(other).catch((error: GapuraError) => error.code)).toBe("account_changed");
});

test("an operation stands in one ability, and every operation of an account stands in one", () => {
  const placed = Object.values(ABILITIES).flatMap(({ operations: listed }): readonly OperationId[] => listed);
  expect(placed.filter((id, index) => placed.indexOf(id) !== index)).toEqual([]);
  const account = byAccess("session", "management", "anyKey").filter((id) => rightFor(id) !== null);
  expect([...placed].sort()).toEqual(account.sort());
});
