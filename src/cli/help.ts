/** The help texts, made from the commands themselves; examples come first, because they are what is looked for. */
import { commonOptions, settingOptions } from "./arguments.ts";
import type { Command, Option } from "./command.ts";
import { table } from "./terminal.ts";

export function programHelp(commands: readonly Command[]): string[] {
  const examples = commands.flatMap((command) => command.examples.slice(0, 1));
  return [
    "Gapura: your own gateway to language models, with one OpenAI-compatible URL.",
    "",
    "Examples:",
    ...exampleLines(examples),
    "",
    "Commands:",
    ...indented(table(commands.map((command) => [`gapura ${usageOf(command)}`, command.summary]))),
    "",
    "Every command takes --json and --help.",
    "Exit codes: 0 done, 1 failed, 2 wrong command line or configuration, 3 not allowed, 4 limit reached.",
    "Settings come from flags, the environment and gapura.config.yaml, in this order: see docs/configuration.md.",
  ];
}

export function commandHelp(command: Command): string[] {
  const own = Object.entries({ ...command.options, json: commonOptions.json });
  const lines = [
    command.summary,
    "",
    "Examples:",
    ...exampleLines(command.examples),
    "",
    `Usage: gapura ${usageOf(command)}`,
    "",
    "Options:",
    ...optionLines(own),
  ];
  if (!command.takesSettings) return lines;
  return [
    ...lines,
    "",
    "Settings (each is also an environment variable and a key of gapura.config.yaml):",
    ...optionLines(Object.entries(settingOptions())),
  ];
}

function usageOf(command: Command): string {
  const positionals = command.positionals.map((name) => (name.endsWith("?") ? `[${name.slice(0, -1)}]` : `<${name}>`));
  return [...command.words, ...positionals].join(" ");
}

function exampleLines(examples: Command["examples"]): string[] {
  return examples.flatMap(({ line, meaning }) => [`  # ${meaning}`, `  gapura ${line}`.trimEnd()]);
}

function optionLines(options: readonly (readonly [string, Option | undefined])[]): string[] {
  const rows = options.flatMap(([name, option]) =>
    option === undefined
      ? []
      : [[`--${name}${option.placeholder === undefined ? "" : ` ${option.placeholder}`}`, option.summary]],
  );
  return indented(table(rows));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
