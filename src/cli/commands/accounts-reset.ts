/** For somebody who lost the phone and the recovery codes: whoever has the machine takes the second step away. */
import { ensureSecret } from "../../config/instance-secret.ts";
import { createMailTokens } from "../../control/accounts/mail-tokens.ts";
import { createThrottle, emailName } from "../../control/accounts/throttle.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { type AccountRecord, createAccountStore } from "../../storage/stores/accounts.ts";
import { createPasskeyStore } from "../../storage/stores/passkeys.ts";
import { createSecondFactorStore } from "../../storage/stores/second-factors.ts";
import { createSignInStore } from "../../storage/stores/sign-in.ts";
import { requireAccount } from "../accounts.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { auditOf, type CommandStorage, withStorage } from "../storage.ts";

export const resetLoginCommand: Command = {
  words: ["accounts", "reset-login"],
  summary: "Take the authenticator app and the passkeys of an account away",
  positionals: ["e-mail address"],
  options: {
    link: { type: "boolean", summary: "Print a link as well that sets a new password, once, within 30 minutes" },
  },
  examples: [
    { line: "accounts reset-login siti@example.com", meaning: "The password alone opens the account again" },
    {
      line: "accounts reset-login siti@example.com --link",
      meaning: "For whom the password is lost too, and no mail comes",
    },
  ],
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
      // Whoever is at the machine waits for no guesses of before.
      const throttle = createThrottle(storage, storage.clock);
      for (const name of [emailName("failures", account.email), `factor:${account.id}`]) await throttle.reset(name);
      const link = input.options.link === true ? await resetLink(storage, account, config.baseUrl) : null;
      const said = `${account.email} logs in with the password alone, and every session has ended.`;
      const newPassword = link === null ? [] : [`A new password is set at ${link}`];
      const answer = { email: account.email, done: "reset-login", ...(link === null ? {} : { link }) };
      input.terminal.out(input.json ? JSON.stringify(answer) : [said, ...newPassword].join("\n"));
    });
    return exitCodes.ok;
  },
};

/** The same as the one that "Forgot password?" mails. */
async function resetLink({ db, clock }: CommandStorage, account: AccountRecord, baseUrl: string): Promise<string> {
  const link = { purpose: "password_reset", email: account.email } as const;
  const token = await createMailTokens(db, clock).issue(account.id, link);
  return `${baseUrl}/reset-password?token=${token}`;
}
