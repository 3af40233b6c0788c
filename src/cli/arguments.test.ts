import { describe, expect, test } from "bun:test";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { CliError, exitCodes } from "./exit.ts";

function command(words: string[], more: Partial<Command> = {}): Command {
  return {
    words,
    summary: words.join(" "),
    positionals: [],
    options: {},
    examples: [{ line: words.join(" "), meaning: "example" }],
    takesSettings: false,
    run: () => Promise.resolve(exitCodes.ok),
    ...more,
  };
}

const commands = [
  command(["serve"], { takesSettings: true }),
  command(["keys", "create"], {
    positionals: ["description"],
    options: {
      email: { type: "string", placeholder: "<address>", summary: "" },
      yes: { type: "boolean", summary: "" },
    },
    takesSettings: true,
  }),
  command(["keys", "list"]),
  command(["doctor"]),
];
const parse = (...args: string[]) => parseArguments(args, commands);

function refusal(...args: string[]): string {
  try {
    parse(...args);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    expect(error.exitCode).toBe(exitCodes.usage);
    return [error.message, ...error.hints].join(" | ");
  }
  throw new Error("this command line should have been refused");
}

describe("commands", () => {
  test("no word at all starts the server, with or without its flags", () => {
    expect(parse().command.words).toEqual(["serve"]);
    expect(parse("--port", "9000")).toMatchObject({ command: { words: ["serve"] }, flags: { port: "9000" } });
  });

  test("a command of two words takes its positional and its options in any order", () => {
    const parsed = parse("keys", "create", "--email", "a@example.com", "Nightly job", "--json");
    expect(parsed).toMatchObject({ positionals: ["Nightly job"], options: { email: "a@example.com" }, json: true });
  });

  test("a misspelt command or option is refused with the one that was probably meant", () => {
    expect(refusal("doctr")).toContain("Did you mean: gapura doctor");
    expect(refusal("keys", "crate", "x")).toContain("Did you mean: gapura keys create");
    expect(refusal("serve", "--prot", "1")).toContain("Did you mean --port?");
    expect(refusal("keys", "create", "x", "--emial=a")).toContain("Did you mean --email?");
  });

  test("half a command, a missing or a spare positional is refused with an example", () => {
    expect(refusal("keys")).toContain("create, list");
    expect(refusal("keys", "create")).toContain("needs a description. | For example: gapura keys create");
    expect(refusal("keys", "create", "two", "words")).toContain("Put quotes around");
    expect(refusal("--json", "keys", "list")).toContain("The command comes first");
  });
});

describe("options", () => {
  test("an option that needs a value never swallows the next option", () => {
    expect(refusal("serve", "--port", "--json")).toContain("--port needs a value");
    expect(refusal("serve", "--port")).toContain("--port needs a value");
    expect(parse("serve", "--port=").flags.port).toBe("");
  });

  test("a switch takes no value", () => {
    expect(refusal("keys", "create", "x", "--yes=no")).toContain("--yes takes no value");
  });

  test("a secret cannot be given on the command line, where other users of the machine can read it", () => {
    expect(refusal("serve", "--database-url", "postgres://a/b")).toContain("There is no option --database-url");
  });

  test("settings' flags are refused where a command reads no configuration", () => {
    expect(refusal("doctor", "--port", "1")).toContain("There is no option --port");
  });

  test("--help and --version are understood even where something else is missing", () => {
    expect(parse("keys", "create", "--help").help).toBe(true);
    expect(parse("-h").help).toBe(true);
    expect(parse("-v").version).toBe(true);
  });

  test("what follows -- is a positional, whatever it looks like", () => {
    expect(parse("keys", "create", "--", "--odd name").positionals).toEqual(["--odd name"]);
  });
});
