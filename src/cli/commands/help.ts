import { nearest } from "../../config/nearest.ts";
import type { Command } from "../command.ts";
import { exitCodes, usageError } from "../exit.ts";
import { commandHelp, programHelp } from "../help.ts";

/** `commands` is a function because the help command is itself one of them. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    words: ["help"],
    summary: "Show help for the program or for one command",
    positionals: ["command?", "subcommand?"],
    options: {},
    examples: [{ line: "help keys create", meaning: "Everything about one command" }],
    takesSettings: false,
    run: ({ positionals, json, terminal }) => {
      const all = commands();
      const asked = positionals.join(" ");
      const found = all.filter((command) => asked !== "" && `${command.words.join(" ")} `.startsWith(`${asked} `));
      const [first] = found;
      if (asked !== "" && first === undefined) {
        const names = all.map((command) => command.words.join(" "));
        const meant = nearest(asked, names);
        throw usageError(
          `There is no command "${asked}".`,
          meant === undefined ? `Commands: ${names.join(", ")}.` : `Did you mean: gapura help ${meant}`,
        );
      }
      if (json) terminal.out(JSON.stringify((asked === "" ? all : found).map(asData)));
      else if (first !== undefined && found.length === 1) for (const line of commandHelp(first)) terminal.out(line);
      else for (const line of programHelp(asked === "" ? all : found)) terminal.out(line);
      return Promise.resolve(exitCodes.ok);
    },
  };
}

function asData({ words, summary, positionals, options, examples }: Command) {
  return { command: words.join(" "), summary, positionals, options, examples };
}
