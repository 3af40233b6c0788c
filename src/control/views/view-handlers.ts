/**
 * Views of pages, each person's own in each account.
 *
 * Invariants: a view of another account, or one that somebody else keeps to themselves, is not there; only whoever may
 * change something in the account shares, and a shared one is deleted by who made it and by who manages the account.
 */
import { RIGHTS, type Role } from "../../contract/roles.ts";
import type { SavedViewRow, ViewPage } from "../../contract/schemas/saved-views.ts";
import type { Clock } from "../../kernel/clock.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { MOST_VIEWS, type SavedView, type SavedViewStore } from "../../storage/stores/saved-views.ts";
import type { Handlers, SignedIn } from "../http/handler.ts";

export interface ViewHandlerDeps {
  views: SavedViewStore;
  clock: Clock;
}

export function viewHandlers({ views, clock }: ViewHandlerDeps): Handlers<"listViews" | "saveView" | "deleteView"> {
  return {
    listViews: async ({ account, query: { page } }) => {
      const listed = await views.list(account, page);
      return { body: { views: listed.map((view) => shown(view, page, account)) } };
    },
    saveView: async ({ account, body: { shared: isShared, ...content } }) => {
      if (isShared) refuseSharing(account.teamRole);
      const id = await views.save(account, { ...content, isShared }, clock.nowMs());
      if (id === null) throw new GapuraError("views_full", { values: { limit: MOST_VIEWS } });
      return { body: shown(found(await views.get(account, id)), content.page, account) };
    },
    deleteView: async ({ account, params: { id } }) => {
      const view = found(await views.get(account, id));
      if (!mayDelete(view, account)) throw new GapuraError("role_too_low", { values: { role: account.teamRole } });
      await views.delete(account, id);
      return { body: { done: true } };
    },
  };
}

/** Throws resource_not_found. */
function found<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new GapuraError("resource_not_found", { values: { what: "This view" } });
  return thing;
}

/** Who only looks changes nothing that others see. */
function refuseSharing(role: Role): void {
  if (RIGHTS.use[role] === "none") throw new GapuraError("role_too_low", { values: { role } });
}

function mayDelete({ userId }: SavedView, account: SignedIn): boolean {
  return userId === account.userId || RIGHTS.manage[account.teamRole] === "all";
}

function shown(view: SavedView, page: ViewPage, account: SignedIn): SavedViewRow {
  const { id, name, query, isShared: shared, madeBy } = view;
  const own = view.userId === account.userId;
  return { id, page, name, query, shared, own, removable: mayDelete(view, account), madeBy };
}
