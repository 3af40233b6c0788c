/** Tells pages when to ask again. */
import type { Handlers, SignedIn } from "../http/handler.ts";
import type { FollowChanges } from "./follow-changes.ts";

export function changeHandlers(deps: {
  follow: FollowChanges;
  /** Whether the session is still there, and its person in the account with the role that they had, and not suspended. */
  isStillMember(account: SignedIn): Promise<boolean>;
}): Handlers<"followChanges"> {
  return {
    followChanges: async ({ account, request }) => ({
      body: "",
      headers: new Headers({ "x-accel-buffering": "no" }),
      streamed: {
        type: "text/event-stream; charset=utf-8",
        portions: deps.follow({
          ...{ userId: account.userId, accountId: account.accountId, maker: account.onlyBy },
          ...{ gone: request.signal, isStillAllowed: () => deps.isStillMember(account) },
        }),
      },
    }),
  };
}
