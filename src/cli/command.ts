/** What a command is: data for the parser and the help, and one function. */

import type { LoadedConfig, RefusedConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import type { WorkerRole } from "../main.ts";
import type { ExitCode } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

export interface Option {
  type: "string" | "boolean";
  /** Stands for the value in the help: `<email>`. */
  placeholder?: string;
  summary: string;
}

/** What it takes to start this program once more: its words, and the environment with the secrets. */
export interface Launch {
  args: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

export interface CommandInput {
  positionals: readonly string[];
  /** The command's own options by name, as given. */
  options: Readonly<Record<string, string | boolean | undefined>>;
  /** Print one JSON value instead of text. */
  json: boolean;
  terminal: Terminal;
  /** The key that the environment names for programs of this API; undefined for none. */
  apiKey: string | undefined;
  launch: Launch;
  /** This process's place among the workers of an instance; undefined for every other process. */
  worker: WorkerRole | undefined;
  /** The configuration in force; throws CliError with every problem. Warnings have been printed. */
  config(): Config;
  /** The same with where each setting comes from. */
  configWithSources(): LoadedConfig;
  /** The same without judging it. */
  loadConfig(): LoadedConfig | RefusedConfig;
}

export interface Command {
  /** What calls it: `["keys", "create"]`. */
  words: readonly string[];
  summary: string;
  /** Names of the positionals in order; the optional ones end with `?`. */
  positionals: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Whole lines as they are typed after the program's name, each with what it does. Shown first in the help. */
  examples: readonly { line: string; meaning: string }[];
  /** Whether the settings' flags (`--port`, `--data-dir`, …) are accepted. */
  takesSettings: boolean;
  run(input: CommandInput): Promise<ExitCode>;
}

/** The string given for an option, or undefined. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}
