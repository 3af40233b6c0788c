import type { Command } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { version } from "../version.ts";

export const versionCommand: Command = {
  words: ["version"],
  summary: "Show the version",
  positionals: [],
  options: {},
  examples: [{ line: "version", meaning: "Show the version" }],
  takesSettings: false,
  run: ({ json, terminal }) => {
    terminal.out(json ? JSON.stringify({ version, bun: Bun.version }) : version);
    return Promise.resolve(exitCodes.ok);
  },
};
