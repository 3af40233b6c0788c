/**
 * Creates a key and prints it, alone, on standard output; everything else goes to standard error, so that
 * `KEY=$(gapura keys create …)` holds exactly the key. The first key of an instance also creates its owner.
 */
import { signUpBody } from "../../contract/schemas/account.ts";
import { createKeyBody } from "../../contract/schemas/keys.ts";
import { CLI_ACTOR } from "../../control/audit/actor.ts";
import { createApiKey } from "../../kernel/api-key.ts";
import type { Storage } from "../../storage/open.ts";
import type { AccountRecord } from "../../storage/stores/accounts.ts";
import type { AuditStore } from "../../storage/stores/audit.ts";
import { createOwner, findAccount } from "../accounts.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import {
  allowOption,
  capOptions,
  expiryOption,
  keyBoundOptions,
  keyCapOptions,
  limitOption,
  modelsOption,
  resetOption,
} from "../key-options.ts";
import { auditOf, keyAdministrationOf, withStorage } from "../storage.ts";

const ownerName = signUpBody.shape.name;
const ownerEmail = signUpBody.shape.email;

export const createKeyCommand: Command = {
  words: ["keys", "create"],
  summary: "Create an API key; print it once, alone on standard output",
  positionals: ["description"],
  options: {
    name: {
      type: "string",
      placeholder: "<full name>",
      summary: "The owner's name, while the instance has no account",
    },
    email: {
      type: "string",
      placeholder: "<address>",
      summary: "The owner's e-mail address, while the instance has no account",
    },
    account: { type: "string", placeholder: "<email>", summary: "Whose key it is; the owner's without it" },
    management: { type: "boolean", summary: "A management key: it administers keys and calls no model" },
    ...keyBoundOptions,
    ...keyCapOptions,
  },
  examples: [
    {
      line: 'keys create "Project Video Generator"',
      meaning: "A key for the owner; asks who that is when nobody is yet",
    },
    {
      line: 'keys create "Nightly job" --name "Budi Santoso" --email budi@example.com',
      meaning: "The same on a new instance where nobody can answer questions",
    },
    { line: 'keys create "Reports" --account siti@example.com --json', meaning: "For another account, as JSON" },
    {
      line: 'keys create "Trial" --limit 5 --reset monthly --expires 2027-12-31',
      meaning: "A key that may spend 5 USD a month, until the end of 2027",
    },
    {
      line: 'keys create "Office" --allow 203.0.113.7,2001:db8::/32',
      meaning: "A key that works from these addresses alone",
    },
    {
      line: 'keys create "Bot" --models "openai/gpt-4o-mini,mistralai/*"',
      meaning: "A key that calls these models alone",
    },
    { line: 'keys create "Key service" --management', meaning: "A key for a program that makes keys itself" },
  ],
  takesSettings: true,
  run: async (input) => {
    const name = descriptionOf(input);
    const nowMs = Date.now();
    const bounds = boundsOf(input, nowMs);
    const config = input.config();
    await withStorage(config, async (storage) => {
      const account = await accountFor(input, storage, auditOf(config, storage));
      const created = createApiKey(input.options.management === true ? "management" : "inference");
      const administration = keyAdministrationOf(config, storage);
      await administration.create(CLI_ACTOR, created, { userId: account.id, name, ...bounds });
      if (input.json) {
        const { key, publicId: id, hash, label, kind } = created;
        const { email } = account;
        input.terminal.out(JSON.stringify({ key, id, hash, kind, label, name, account: email, createdAt: nowMs }));
      } else {
        const what = created.kind === "management" ? "management key" : "key";
        input.terminal.note(
          `The ${what} "${name}" of ${account.email}. It is shown this once; keep it safe and share it with nobody.`,
        );
        input.terminal.out(created.key);
        input.terminal.note(`Base URL: ${config.baseUrl}/api/v1`);
      }
    });
    return exitCodes.ok;
  },
};

function boundsOf(input: CommandInput, nowMs: number) {
  const bounds = {
    limitNano: limitOption(input),
    limitReset: resetOption(input),
    allowedNetworks: allowOption(input),
    allowedModels: modelsOption(input),
    expiresAt: expiryOption(input, nowMs) ?? null,
    rateCaps: capOptions(input),
  };
  const isBound =
    bounds.limitNano != null ||
    bounds.allowedModels != null ||
    Object.values(bounds.rateCaps).some((cap) => cap !== null);
  if (input.options.management === true && isBound) {
    throw usageError(
      "A management key calls no models, so it has no limits.",
      "Leave out the limits and models, or --management.",
    );
  }
  return bounds;
}

function descriptionOf(input: CommandInput): string {
  const checked = createKeyBody.safeParse({ name: input.positionals[0] });
  if (checked.success) return checked.data.name;
  throw usageError(
    "The description needs 1 to 200 characters on one line.",
    'For example: gapura keys create "Project Video Generator"',
  );
}

async function accountFor(input: CommandInput, storage: Storage, audit: AuditStore): Promise<AccountRecord> {
  const wanted = textOption(input, "account");
  const person = { name: textOption(input, "name"), email: textOption(input, "email") };
  const found = await findAccount(storage, wanted);
  if (found !== null) {
    if (person.email !== undefined) refuseSecondOwner(found, person.email);
    if (!found.emailVerified || found.suspended) {
      const state = found.suspended ? "suspended" : "not confirmed yet";
      throw failure(`The account ${found.email} is ${state}, so its keys would be refused.`);
    }
    return found;
  }
  const owner = await createOwner(storage, await askForOwner(input, person));
  const target = { kind: "account", id: owner.id };
  await audit.record({ actor: CLI_ACTOR, action: "account.create", target, after: { role: owner.role } });
  input.terminal.note(
    `${owner.email} now owns this instance. To log in to the dashboard, set a password through "Forgot password?" there.`,
  );
  return owner;
}

function refuseSecondOwner(account: AccountRecord, email: string): void {
  if (email.trim().toLowerCase() === account.email) return;
  throw usageError(
    `This instance already has an owner, ${account.email}; --name and --email only create the first account.`,
    `For a key of another account: --account ${email}`,
  );
}

async function askForOwner(input: CommandInput, given: { name: string | undefined; email: string | undefined }) {
  const { terminal } = input;
  if ((given.name === undefined || given.email === undefined) && !terminal.isInteractive) {
    throw usageError(
      "This instance has no account yet, and nobody is here to be asked who owns it.",
      'Add --name "Your Name" --email you@example.com',
    );
  }
  if (given.name === undefined || given.email === undefined)
    terminal.note("This instance has no account yet. Who owns it?");
  const name = await answered(input, {
    given: given.name,
    question: "Full name: ",
    option: "--name",
    schema: ownerName,
  });
  const email = await answered(input, {
    given: given.email,
    question: "E-mail address: ",
    option: "--email",
    schema: ownerEmail,
  });
  return { name, email };
}

interface Question {
  given: string | undefined;
  question: string;
  option: string;
  schema: typeof ownerName | typeof ownerEmail;
}

/** What was given, checked; or what a person answers, asked again until it is right. */
async function answered({ terminal }: CommandInput, { given, question, option, schema }: Question): Promise<string> {
  let text = given;
  for (;;) {
    const checked = schema.safeParse(text ?? (await terminal.ask(question)));
    if (checked.success) return checked.data;
    const reason = checked.error.issues[0]?.message ?? "that is not right";
    if (text !== undefined) throw usageError(`${option}: ${reason}.`);
    terminal.note(`  ${reason}. Once more, please.`);
    text = undefined;
  }
}
