import { dashboardKey } from "../../control/keys/key-view.ts";
import { usdString } from "../../kernel/money.ts";
import type { KeyWithUsage } from "../../storage/stores/key-usage.ts";
import { createKeyStore } from "../../storage/stores/keys.ts";
import { requireAccount } from "../accounts.ts";
import { type Command, type CommandInput, textOption } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { withStorage } from "../storage.ts";
import { table } from "../terminal.ts";

const PAGE_SIZE = 100;

export const listKeysCommand: Command = {
  words: ["keys", "list"],
  summary: "List the keys of an account",
  positionals: [],
  options: {
    account: { type: "string", placeholder: "<email>", summary: "Whose keys; the owner's without it" },
  },
  examples: [
    { line: "keys list", meaning: "The owner's keys, newest first" },
    { line: "keys list --account budi@example.com --json", meaning: "Somebody else's, for a program" },
  ],
  takesSettings: true,
  run: async (input) => {
    const config = input.config();
    await withStorage(config, async (storage) => {
      const account = await requireAccount(storage, textOption(input, "account"));
      const store = createKeyStore(storage.db);
      const keys: KeyWithUsage[] = [];
      const nowMs = Date.now();
      let cursor: string | undefined;
      do {
        const page = await store.list(account.id, { cursor, limit: PAGE_SIZE, nowMs });
        keys.push(...page.keys);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      print(input, keys, account.email);
    });
    return exitCodes.ok;
  },
};

function print({ json, terminal }: CommandInput, keys: readonly KeyWithUsage[], email: string): void {
  const nowMs = Date.now();
  if (json) {
    // The fields of the dashboard's API, so that a program can read either.
    terminal.out(JSON.stringify(keys.map((key) => dashboardKey(key, nowMs))));
    return;
  }
  if (keys.length === 0) {
    terminal.note(`${email} has no keys. Create one: gapura keys create "First key"`);
    return;
  }
  const head = ["ID", "KIND", "STATE", "CREATED", "LAST USED", "REQUESTS", "SPENT", "LIMIT", "NAME"];
  const rows = keys.map((key) => [
    key.id,
    key.kind,
    dashboardKey(key, nowMs).state,
    day(key.created_at),
    key.last_used_at === null ? "never" : day(key.last_used_at),
    String(key.requests),
    `$${usdString(key.spent_nano)}`,
    limitText(key),
    key.name,
  ]);
  const [headLine = "", ...lines] = table([head, ...rows]);
  terminal.out(terminal.paint(headLine, "dim"));
  for (const line of lines) terminal.out(line);
}

function limitText(key: KeyWithUsage): string {
  if (key.limit_nano === null) return "none";
  return `$${usdString(key.limit_nano)}${key.limit_reset === null ? "" : ` ${key.limit_reset}`}`;
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
