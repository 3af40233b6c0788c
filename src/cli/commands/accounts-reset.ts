/** For somebody who lost the phone and the recovery codes: whoever has the machine takes the second step away. */
import { ensureSecret } from "../../config/instance-secret.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { createAccountStore } from "../../storage/stores/accounts.ts";
import { createPasskeyStore } from "../../storage/stores/passkeys.ts";
import { createSecondFactorStore } from "../../storage/stores/second-factors.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { requireAccount } from "../accounts.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { auditOf, withStorage } from "../storage.ts";

export const resetLoginCommand: Command = {
  words: ["accounts", "reset-login"],
  summary: "Take the authenticator app and the passkeys of an account away",
  positionals: ["e-mail address"],
  options: {},
  examples: [{ line: "accounts reset-login siti@example.com", meaning: "The password alone opens the account again" }],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    await withStorage(config, async (storage) => {
      const account = await requireAccount(storage, input.positionals[0]);
      const secret = config.secret ?? ensureSecret(config.dataDir);
      await auditOf(config, storage).together(async (db, record) => {
        await createSecondFactorStore(db, secret).removeAuthenticator(account.id);
        const signIns = createSignInStore(db);
        await signIns.trustNone(account.id);
        await signIns.dropChallenges(account.id);
        const passkeys = createPasskeyStore(db);
        for (const { id } of await passkeys.list(account.id)) await passkeys.remove(account.id, id);
        await createAccountStore(db, storage.engine).endSessions(account.id, null);
        const target = { kind: "account", id: account.id };
        await record({ actor: CLI_ACTOR, action: "account.second_factor", target, after: { state: "reset" } });
      });
      const said = `${account.email} logs in with the password alone, and every session has ended.`;
      input.terminal.out(input.json ? JSON.stringify({ email: account.email, done: "reset-login" }) : said);
    });
    return exitCodes.ok;
  },
};
