import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { personActor } from "../audit/actor.ts";
import type { Visitor } from "../http/handler.ts";
import { type AccountContext, accountTarget } from "./context.ts";
import { createMailTokens } from "./mail-tokens.ts";

interface NewPassword {
  hash: string;
  how: "changed" | "reset by mail";
  visitor: Visitor;
  /** The hash of the one browser that stays trusted; null for none. */
  trusted: string | null;
}

/** Gives an account another password. With it ends, in one transaction, everything that was begun with the one before. */
export async function replacePassword(
  context: AccountContext,
  userId: string,
  { hash, how, visitor, trusted }: NewPassword,
): Promise<void> {
  const { audit, clock } = context;
  await audit.together(async (db, record) => {
    const accounts = context.accountsOn(db);
    const signIns = createSignInStore(db);
    await accounts.setPasswordHash(userId, hash, clock.nowMs());
    await accounts.endSessions(userId, null);
    await signIns.trustNone(userId, trusted);
    await signIns.dropChallenges(userId);
    await createMailTokens(db, clock).voidAll(userId);
    const actor = personActor(userId, visitor);
    await record({ actor, action: "account.password", target: accountTarget(userId), after: { how } });
  });
}
