/**
 * Everybody with an account, and who may come in.
 *
 * Invariants: a suspension and its entry in the audit log are durable together; it is in force here when it is answered
 * (sessions are gone, keys are refused, what runs with them ends) and in other processes within a second; whoever owns
 * the instance cannot be suspended, so that somebody can always undo it.
 */
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { usdString } from "../../kernel/money.ts";
import type { Db } from "../../storage/open.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { createPeopleStore } from "../../storage/stores/people.ts";
import { personActor } from "../audit/actor.ts";
import type { Handlers, Visitor } from "../http/handler.ts";
import type { OnKeyChanged } from "../keys/key-changes.ts";

export interface PeopleHandlerDeps {
  db: Db;
  audit: AuditStore;
  accounts: { findById(id: string): Promise<AccountRecord | null> };
  clock: Clock;
  onKeyChanged: OnKeyChanged;
}

export function peopleHandlers(deps: PeopleHandlerDeps): Handlers<"listPeople" | "suspendPerson" | "readmitPerson"> {
  const people = createPeopleStore(deps.db);
  return {
    listPeople: async ({ query: { q: search, state, cursor, limit } }) => {
      const page = await people.page({ search, state, cursor, limit }, deps.clock.nowMs());
      const shown = page.people.map(({ monthNano, ...person }) => ({ ...person, monthUsd: usdString(monthNano) }));
      return { body: { ...page, people: shown } };
    },
    suspendPerson: async ({ account, params, visitor }) => {
      await setSuspended(deps, { id: params.id, isSuspended: true, by: account.userId, visitor });
      return { body: { done: true } };
    },
    readmitPerson: async ({ account, params, visitor }) => {
      await setSuspended(deps, { id: params.id, isSuspended: false, by: account.userId, visitor });
      return { body: { done: true } };
    },
  };
}

interface Suspension {
  id: string;
  isSuspended: boolean;
  by: string;
  visitor: Visitor;
}

/** Does nothing where it is so already. Throws resource_not_found, and conflict for whoever owns the instance. */
async function setSuspended(
  { db, accounts, audit, clock, onKeyChanged }: PeopleHandlerDeps,
  { id, isSuspended, by, visitor }: Suspension,
): Promise<void> {
  const person = await accounts.findById(id);
  if (person === null) throw new GapuraError("resource_not_found", { values: { what: "This account" } });
  if (person.role === "owner") {
    const reason = "Whoever owns the instance cannot be suspended: nobody could undo it.";
    throw new GapuraError("conflict", { values: { reason } });
  }
  if (person.suspended === isSuspended) return;
  if (await createPeopleStore(db).isDeletedTeam(id)) {
    const reason = "This team was deleted by its owner: it has no members and no keys that could come back.";
    throw new GapuraError("conflict", { values: { reason } });
  }
  const nowMs = clock.nowMs();
  const changed = await audit.together(async (db, record) => {
    const keys = await createPeopleStore(db).setSuspended(id, isSuspended ? nowMs : null, nowMs);
    const action = isSuspended ? "account.suspend" : "account.readmit";
    await record({ actor: personActor(by, visitor), action, target: { kind: "account", id } });
    return keys;
  });
  for (const key of changed) onKeyChanged(key);
}
