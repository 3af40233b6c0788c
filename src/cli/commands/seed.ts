import { createPasswordHasher } from "../../control/accounts/password-hash.ts";
import { type Command, textOption } from "../command.ts";
import { exitCodes, failure, usageError } from "../exit.ts";
import { seedDatabase } from "../seed/seed.ts";
import { SEED_ACCOUNTS } from "../seed/world.ts";
import { withStorage } from "../storage.ts";

const SAY_EVERY = 250_000;

export const seedCommand: Command = {
  words: ["seed"],
  summary: "Fill a new instance with invented accounts, keys and a year of requests, for trying it out",
  positionals: [],
  options: {
    requests: { type: "string", placeholder: "<count>", summary: "About how many requests (default 100000)" },
    days: { type: "string", placeholder: "<count>", summary: "Over how many days up to now (default 365)" },
    seed: { type: "string", placeholder: "<number>", summary: "The same number invents the same year (default 1)" },
    password: { type: "string", placeholder: "<text>", summary: "Password of the accounts; without it they have none" },
  },
  examples: [
    {
      line: "seed --data-dir /tmp/trial --password 'kucing oranye lompat tinggi'",
      meaning: `Four accounts, the first (${SEED_ACCOUNTS[0]?.email}) owning the instance, and 100000 requests`,
    },
    { line: "seed --requests 10000000 --data-dir /tmp/large", meaning: "As much as a busy instance gathers in a year" },
  ],
  takesSettings: true,
  run: async (input) => {
    const { terminal } = input;
    const requests = countOption(input, "requests", { usual: 100_000, most: 100_000_000 });
    const days = countOption(input, "days", { usual: 365, most: 3_650 });
    const seed = countOption(input, "seed", { usual: 1, most: 2 ** 32 - 1 });
    const password = textOption(input, "password");
    const passwordHash = password === undefined ? null : await createPasswordHasher().hash(password);
    const written = await withStorage(input.config(), async (storage) => {
      const used = await storage.db.selectFrom("usage").select("id").limit(1).executeTakeFirst();
      if (used !== undefined) {
        throw failure(
          "This instance holds requests already, and invented ones could not be told from them.",
          "Give the trial a folder of its own: gapura seed --data-dir /tmp/trial",
        );
      }
      let said = 0;
      const onProgress = (count: number) => {
        if (count - said < SAY_EVERY) return;
        said = count;
        terminal.note(`${count} requests`);
      };
      return seedDatabase(storage, { requests, days, seed, passwordHash, nowMs: Date.now(), onProgress });
    });
    const accounts = SEED_ACCOUNTS.map(({ email }) => email);
    terminal.out(
      input.json ? JSON.stringify({ requests: written, accounts }) : `${written} requests of ${accounts.join(", ")}`,
    );
    return exitCodes.ok;
  },
};

function countOption(
  input: Parameters<Command["run"]>[0],
  name: string,
  { usual, most }: { usual: number; most: number },
): number {
  const text = textOption(input, name);
  if (text === undefined) return usual;
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1 && count <= most) return count;
  throw usageError(`--${name} needs a whole number from 1 to ${most}.`, `gapura seed --${name} ${usual}`);
}
