/** Collects the raw values of flags, environment and file, strongest first, and every complaint on the way. */
import { isAbsolute, resolve } from "node:path";
import { isSealed } from "../catalog/vendors/fields.ts";
import { vendorOf, vendorTypes } from "../catalog/vendors/vendors.ts";
import { numberedVariables } from "./credentials.ts";
import { type FileValues, readConfigFile } from "./file.ts";
import { nearest } from "./nearest.ts";
import type { Problem, Source } from "./problem.ts";
import type { Setting } from "./setting.ts";
import {
  CONFIG_FILE_FLAG,
  CONFIG_FILE_VARIABLE,
  DEFAULT_CONFIG_FILE,
  type SettingName,
  settingEntries,
} from "./settings.ts";

export interface ConfigInput {
  env: Readonly<Record<string, string | undefined>>;
  /** Flags without their dashes, as the command line gave them. */
  flags: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The text of a file, or undefined when there is none. Throws when it cannot be read. */
  readFile(path: string): string | undefined;
}

export interface FoundSecret {
  /** Undefined when the file that should hold it cannot be read; the problem has been noted. */
  value: string | undefined;
  where: string;
}

export interface Gathered {
  values: Map<SettingName, { raw: unknown; source: Source }>;
  providers: unknown;
  models: unknown;
  /** The file that was read, null when there is none. */
  configFile: string | null;
  problems: Problem[];
  warnings: Problem[];
  /** Environment variables that hold a secret, to be taken out of the environment once it is loaded. */
  secretVariables: Set<string>;
  whereInFile(path: readonly PropertyKey[]): string;
  /** The trimmed value; undefined for unset and empty. */
  environmentValue(variable: string): string | undefined;
  /** The value of `variable`, or of the file named by `<variable>_FILE`. */
  secretFromEnvironment(variable: string): FoundSecret | undefined;
  /** The trimmed text of a file that holds a secret; a problem and undefined when it cannot be had. */
  readSecretFile(where: string, path: string): string | undefined;
}

export function gather(input: ConfigInput): Gathered {
  /** Each secret is read once, so that a complaint about it is made once. */
  const secrets = new Map<string, FoundSecret | undefined>();
  const gathered: Gathered = {
    values: new Map(),
    providers: undefined,
    models: undefined,
    configFile: null,
    problems: [],
    warnings: [],
    secretVariables: new Set(),
    whereInFile: () => DEFAULT_CONFIG_FILE,
    environmentValue: (variable) => {
      const value = input.env[variable]?.trim();
      return value === "" ? undefined : value;
    },
    secretFromEnvironment: (variable) => {
      if (!secrets.has(variable)) secrets.set(variable, secretFromEnvironment(gathered, variable));
      return secrets.get(variable);
    },
    readSecretFile: (where, path) => readSecretFile(gathered, input, { where, path }),
  };
  gatherFile(gathered, input);
  for (const [name, setting] of settingEntries()) {
    const found = fromFlag(setting, input) ?? fromEnvironment(gathered, setting);
    if (found !== undefined) gathered.values.set(name, found);
  }
  warnOfUnknownVariables(gathered, input.env);
  return gathered;
}

function gatherFile(gathered: Gathered, input: ConfigInput): void {
  const flag = input.flags[CONFIG_FILE_FLAG];
  const named = flag ?? gathered.environmentValue(CONFIG_FILE_VARIABLE);
  const path = absolute(input.cwd, named ?? DEFAULT_CONFIG_FILE);
  let file: FileValues;
  try {
    const text = input.readFile(path);
    if (text === undefined) {
      if (named !== undefined) throw new Error("there is no such file");
      return;
    }
    file = readConfigFile(path, text);
  } catch (error) {
    const where = named === undefined ? path : flag === undefined ? CONFIG_FILE_VARIABLE : `--${CONFIG_FILE_FLAG}`;
    const what = `${path} cannot be read (${reasonOf(error)})`;
    gathered.problems.push({ where, what, fix: "Check the path and its permissions." });
    return;
  }
  gathered.configFile = path;
  gathered.providers = file.providers;
  gathered.models = file.models;
  gathered.whereInFile = file.whereOf;
  gathered.problems.push(...file.problems);
  for (const [name, value] of file.values) gathered.values.set(name, value);
}

function fromFlag(setting: Setting, input: ConfigInput): { raw: unknown; source: Source } | undefined {
  const raw = setting.flag === null ? undefined : input.flags[setting.flag];
  return raw === undefined ? undefined : { raw, source: { kind: "flag", name: `--${setting.flag}` } };
}

function fromEnvironment(gathered: Gathered, setting: Setting): { raw: unknown; source: Source } | undefined {
  if (setting.isSecret) {
    const found = gathered.secretFromEnvironment(setting.variable);
    if (found?.value === undefined) return undefined;
    return { raw: found.value, source: { kind: "environment", name: found.where } };
  }
  const raw = gathered.environmentValue(setting.variable);
  return raw === undefined ? undefined : { raw, source: { kind: "environment", name: setting.variable } };
}

function secretFromEnvironment(gathered: Gathered, variable: string): FoundSecret | undefined {
  const fileVariable = `${variable}_FILE`;
  const value = gathered.environmentValue(variable);
  const path = gathered.environmentValue(fileVariable);
  gathered.secretVariables.add(variable);
  if (value !== undefined && path !== undefined) {
    gathered.problems.push({
      where: `${variable} and ${fileVariable}`,
      what: "both are set",
      fix: "Keep one of them.",
    });
  }
  if (value !== undefined) return { value, where: variable };
  if (path === undefined) return undefined;
  return { value: gathered.readSecretFile(fileVariable, path), where: fileVariable };
}

function readSecretFile(
  gathered: Gathered,
  input: ConfigInput,
  place: { where: string; path: string },
): string | undefined {
  const path = absolute(input.cwd, place.path);
  try {
    const text = input.readFile(path)?.trim();
    if (text === undefined) throw new Error("there is no such file");
    if (text === "") throw new Error("it is empty");
    return text;
  } catch (error) {
    const what = `the secret in ${path} cannot be read (${reasonOf(error)})`;
    gathered.problems.push({ where: place.where, what, fix: "Check the path and its permissions." });
    return undefined;
  }
}

/** Where the guide tells people to keep the key for their own programs; it means nothing to the server. */
const CLIENT_KEY_VARIABLE = "GAPURA_API_KEY";

/** Variables with our own prefix that we do not know are most likely a slip; anybody else's are none of our business. */
function warnOfUnknownVariables(gathered: Gathered, env: ConfigInput["env"]): void {
  const known = knownVariables();
  for (const variable of Object.keys(env).filter((name) => name.startsWith("GAPURA_"))) {
    if (known.includes(variable) || variable === CLIENT_KEY_VARIABLE || variable.startsWith("GAPURA_TEST_")) continue;
    const bare = variable.slice("GAPURA_".length);
    const meant = known.includes(bare) ? bare : (nearest(variable, known) ?? nearest(bare, known));
    const fix = meant === undefined ? "Take it away, or see `gapura help`." : `Did you mean ${meant}?`;
    gathered.warnings.push({ where: variable, what: "Gapura knows no such variable", fix });
  }
}

/** Every environment variable that the configuration reads. */
export function knownVariables(): string[] {
  const own = settingEntries().flatMap(([, setting]) =>
    setting.isSecret ? [setting.variable, `${setting.variable}_FILE`] : [setting.variable],
  );
  const hosted = vendorTypes.flatMap((type) =>
    vendorOf(type).fields.flatMap((field) => {
      if (field.variable === null) return [];
      return isSealed(field) ? [field.variable, `${field.variable}_FILE`] : [field.variable];
    }),
  );
  const numbered = vendorTypes.flatMap((type) => numberedVariables(vendorOf(type)));
  return [...own, ...hosted, ...numbered, CONFIG_FILE_VARIABLE];
}

export function absolute(cwd: string, path: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
