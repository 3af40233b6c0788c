/**
 * Who owns a new instance. On loopback the first account whose address is verified: nobody else can reach it. On any
 * other address sign-up needs the setup token from the terminal, and until somebody owns the instance nothing but
 * health and setup answers.
 *
 * Ownership is claimed at verification, not at sign-up: a mistyped address that nobody can open must not lock the
 * instance for ever.
 */
import { timingSafeEqual } from "node:crypto";
import type { Instance } from "../../contract/schemas/instance.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { AccountStore } from "../../storage/stores/accounts.ts";
import { hashToken, newToken } from "./mail-tokens.ts";

export interface Setup {
  state(): Promise<Instance["setup"]>;
  /** Throws setup_token_wrong when a token is needed and this is not it. */
  checkToken(token: string | undefined): Promise<void>;
  /** Makes the account the owner if nobody is. */
  claim(accountId: string): Promise<void>;
  /** For the terminal; null when none is needed. Kept only in memory, new with every start. */
  token(): Promise<string | null>;
}

export function createSetup(accounts: AccountStore, options: { tokenRequired: boolean }): Setup {
  const token = newToken().slice(0, 24);
  let hasOwner = false;

  async function state(): Promise<Instance["setup"]> {
    hasOwner ||= (await accounts.ownerId()) !== null;
    if (hasOwner) return "done";
    return options.tokenRequired ? "token" : "firstAccount";
  }

  return {
    state,
    checkToken: async (given) => {
      if ((await state()) !== "token") return;
      const isRight = timingSafeEqual(Buffer.from(hashToken(given ?? "")), Buffer.from(hashToken(token)));
      if (!isRight) throw new GapuraError("setup_token_wrong");
    },
    claim: async (accountId) => {
      if (!hasOwner) await accounts.claimOwnership(accountId);
    },
    token: async () => ((await state()) === "token" ? token : null),
  };
}
