/** From the words after the program's name to a command, its positionals and its options; every slip gets a suggestion. */
import { parseArgs } from "node:util";
import { nearest } from "../config/nearest.ts";
import { CONFIG_FILE_FLAG, settingEntries } from "../config/settings.ts";
import type { Command, Option } from "./command.ts";
import { usageError } from "./exit.ts";

export interface ParsedArguments {
  command: Command;
  positionals: string[];
  options: Record<string, string | boolean | undefined>;
  /** The settings' flags, by flag name. */
  flags: Record<string, string | undefined>;
  json: boolean;
  help: boolean;
  version: boolean;
}

/** Accepted by every command. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { type: "boolean", summary: "Print one JSON value instead of text" },
  help: { type: "boolean", summary: "Show help for the command" },
  version: { type: "boolean", summary: "Show the version" },
};

/** The flags of the settings, which are the same for every command that reads the configuration. */
export function settingOptions(): Record<string, Option> {
  const options: Record<string, Option> = {
    [CONFIG_FILE_FLAG]: {
      type: "string",
      placeholder: "<file>",
      summary: "Read this file instead of gapura.config.yaml",
    },
  };
  for (const [, setting] of settingEntries()) {
    if (setting.flag === null) continue;
    options[setting.flag] = { type: "string", placeholder: "<value>", summary: setting.summary.en.replaceAll("`", "") };
  }
  return options;
}

/** Throws CliError (usage) for everything that cannot be meant. Without a word the command is `serve`. */
export function parseArguments(args: readonly string[], commands: readonly Command[]): ParsedArguments {
  const { command, rest } = findCommand(args, commands);
  const settings = command.takesSettings ? settingOptions() : {};
  const known: Record<string, Option> = { ...settings, ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: rest,
    options: {
      ...Object.fromEntries(Object.entries(known).map(([name, option]) => [name, { type: option.type }])),
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind === "option") values[token.name] = optionValue(token, known, command);
  }
  const isAsking = values.help === true || values.version === true;
  if (!isAsking) checkPositionals(command, positionals);
  return {
    command,
    positionals,
    options: values,
    flags: Object.fromEntries(Object.keys(settings).map((name) => [name, textOf(values[name])])),
    json: values.json === true,
    help: values.help === true,
    version: values.version === true,
  };
}

/** `gapura --help` for the whole program, `gapura keys create --help` for one command. */
export function helpLine(command: Command): string {
  return `See: gapura ${[...command.words, "--help"].join(" ")}`;
}

function findCommand(args: readonly string[], commands: readonly Command[]): { command: Command; rest: string[] } {
  const [first, second] = args;
  const isWord = first !== undefined && !first.startsWith("-");
  const words = isWord ? [first] : ["serve"];
  const exact = commands.find((command) => command.words.join(" ") === words.join(" "));
  if (exact !== undefined) return { command: exact, rest: args.slice(isWord ? 1 : 0) };
  const family = commands.filter((command) => command.words[0] === first);
  if (family.length === 0)
    throw unknownWord(
      String(first),
      "",
      commands.map((command) => command.words[0] ?? ""),
    );
  const member = family.find((command) => command.words[1] === second);
  if (member !== undefined) return { command: member, rest: args.slice(2) };
  const names = family.map((command) => command.words[1] ?? "");
  if (second === undefined || second.startsWith("-")) {
    throw usageError(
      `gapura ${first} needs one more word: ${names.join(", ")}.`,
      `For example: gapura ${first} ${names[0]}`,
    );
  }
  throw unknownWord(second, `${first} `, names);
}

function unknownWord(word: string, before: string, known: readonly string[]) {
  const meant = nearest(word, known);
  const suggestion =
    meant === undefined ? `Commands: ${[...new Set(known)].join(", ")}.` : `Did you mean: gapura ${before}${meant}`;
  return usageError(`There is no command "${before}${word}".`, suggestion, "See: gapura help");
}

interface OptionToken {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function optionValue(token: OptionToken, known: Readonly<Record<string, Option>>, command: Command): string | boolean {
  const option = known[token.name];
  if (option === undefined) {
    const meant = nearest(token.name, Object.keys(known));
    const hints = meant === undefined ? [] : [`Did you mean --${meant}?`];
    throw usageError(`There is no option ${token.rawName}.`, ...hints, helpLine(command));
  }
  if (option.type === "boolean") {
    if (token.value !== undefined) throw usageError(`${token.rawName} takes no value.`, helpLine(command));
    return true;
  }
  const isNextOption = token.inlineValue === false && token.value?.startsWith("-") === true;
  if (token.value === undefined || isNextOption) {
    throw usageError(`${token.rawName} needs a value.`, `Write ${token.rawName} ${option.placeholder ?? "<value>"}`);
  }
  return token.value;
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const needed = command.positionals.filter((name) => !name.endsWith("?"));
  const missing = needed[positionals.length];
  const line = `gapura ${command.words.join(" ")}`;
  const example = command.examples[0]?.line ?? command.words.join(" ");
  if (missing !== undefined) {
    throw usageError(`${line} needs a ${missing}.`, `For example: gapura ${example}`);
  }
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) {
    const hint =
      command.positionals.length > 0
        ? "Put quotes around a text with spaces."
        : "The command comes first, its options after it.";
    throw usageError(`${line} does not know what to do with "${extra}".`, hint, helpLine(command));
  }
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
