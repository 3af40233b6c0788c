/**
 * Who owns a new instance. On loopback the first account whose address is verified: nobody else can reach it. On any
 * other address sign-up needs the setup token from the terminal, and until somebody owns the instance nothing but
 * health and setup answers.
 *
 * Ownership is claimed at verification, not at sign-up: a mistyped address that nobody can open must not lock the
 * instance for ever.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Instance } from "../../contract/schemas/instance.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AccountStore } from "../../storage/stores/accounts.ts";
import { hashToken } from "./mail-tokens.ts";

const TOKEN_LENGTH = 24;

export interface Setup {
  state(): Promise<Instance["setup"]>;
  /** Throws setup_token_wrong when a token is needed and this is not it. */
  checkToken(token: string | undefined): Promise<void>;
  /** Makes the account the owner if nobody is. */
  claim(accountId: string): Promise<void>;
  /** For the terminal; null when none is needed. The same in every process that shares the instance's secret. */
  token(): Promise<string | null>;
}

export function createSetup(
  accounts: Pick<AccountStore, "ownerId" | "claimOwnership">,
  options: { tokenRequired: boolean; secret: Secret },
): Setup {
  // One worker prints it, and any of them is asked; so does a worker that is started again.
  const token = createHmac("sha256", options.secret.reveal())
    .update("setup token")
    .digest("base64url")
    .slice(0, TOKEN_LENGTH);
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
