/** Reads gapura.config.yaml into raw values with the line each stands on; knows the keys, not what they may hold. */
import { isMap, isScalar, LineCounter, type Pair, parseDocument } from "yaml";
import { isJsonObject } from "../kernel/json.ts";
import { nearest } from "./nearest.ts";
import type { Problem, Source } from "./problem.ts";
import { type SettingName, settingEntries, settings } from "./settings.ts";

export interface FileValues {
  values: Map<SettingName, { raw: unknown; source: Source }>;
  /** The raw list under `providers`, undefined when the file has none. */
  providers: unknown;
  /** The same under `models`. */
  models: unknown;
  /** Where the value at a path stands, for example `gapura.config.yaml, line 7, providers.0.slug`. */
  whereOf(path: readonly PropertyKey[]): string;
  problems: Problem[];
}

/** What is a list and no setting. */
const LISTS = ["providers", "models"] as const;
const keyOfPath = new Map<string, SettingName>(settingEntries().map(([name, setting]) => [setting.file, name]));

/** `path` is only for messages. Unknown keys are problems, with the name that was probably meant. */
export function readConfigFile(path: string, text: string): FileValues {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const result: FileValues = {
    values: new Map(),
    providers: undefined,
    models: undefined,
    whereOf: (keys) => {
      const offset = offsetOf(document.contents, keys);
      const line = offset === undefined ? "" : `, line ${lines.linePos(offset).line}`;
      return `${path}${line}${keys.length === 0 ? "" : `, ${keys.join(".")}`}`;
    },
    problems: [],
  };
  if (document.errors.length > 0) {
    result.problems = document.errors.map((error) => ({
      where: `${path}, line ${lines.linePos(error.pos[0]).line}`,
      what: `this is not valid YAML (${error.code.toLowerCase().replaceAll("_", " ")})`,
      fix: "Check the indentation, quotes and colons around this line.",
    }));
    return result;
  }
  const tree: unknown = document.toJS();
  if (tree === null || tree === undefined) return result;
  if (isJsonObject(tree)) readSection(tree, [], result);
  else
    result.problems.push({
      where: path,
      what: "this is not a list of settings",
      fix: "Write one `name: value` a line.",
    });
  return result;
}

function readSection(section: Record<string, unknown>, path: readonly string[], result: FileValues): void {
  for (const [key, raw] of Object.entries(section)) {
    const keys = [...path, key];
    const name = keys.join(".");
    const setting = keyOfPath.get(name);
    if (setting !== undefined) {
      if (raw !== null) result.values.set(setting, { raw, source: { kind: "file", name: result.whereOf(keys) } });
    } else if (name === "providers" || name === "models") {
      result[name] = raw ?? undefined;
    } else if (isSection(name)) {
      if (isJsonObject(raw)) readSection(raw, keys, result);
      else if (raw !== null) result.problems.push(notASection(result.whereOf(keys), name));
    } else {
      result.problems.push(unknownKey(result.whereOf(keys), name));
    }
  }
}

function isSection(path: string): boolean {
  return [...keyOfPath.keys()].some((known) => known.startsWith(`${path}.`));
}

function notASection(where: string, name: string): Problem {
  const inside = [...keyOfPath.keys()].filter((known) => known.startsWith(`${name}.`));
  return { where, what: "this must be a section", fix: `Write ${inside.join(" and ")}, indented on their own lines.` };
}

function unknownKey(where: string, name: string): Problem {
  const known = [...keyOfPath.keys(), ...LISTS];
  const byVariable = Object.values(settings).find((setting) => setting.variable === name)?.file;
  const meant = byVariable ?? nearest(name, known) ?? known.find((key) => key.endsWith(`.${name}`));
  const fix = meant === undefined ? `Known settings: ${known.join(", ")}.` : `Did you mean ${meant}?`;
  return { where, what: "there is no such setting", fix };
}

/** The place of the key or list item at `keys` in the text. */
function offsetOf(node: unknown, keys: readonly PropertyKey[]): number | undefined {
  let current = node;
  let offset: number | undefined;
  for (const key of keys) {
    const next: Step | undefined = isMap(current) ? pairOf(current.items, key) : itemOf(current, key);
    if (next === undefined) return offset;
    offset = next.offset ?? offset;
    current = next.node;
  }
  return offset;
}

interface Step {
  node: unknown;
  offset: number | undefined;
}

function pairOf(pairs: readonly Pair<unknown, unknown>[], key: PropertyKey): Step | undefined {
  const pair = pairs.find((candidate) => isScalar(candidate.key) && String(candidate.key.value) === String(key));
  return pair && { node: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined };
}

function itemOf(node: unknown, key: PropertyKey): Step | undefined {
  if (typeof node !== "object" || node === null || !("items" in node) || !Array.isArray(node.items)) return undefined;
  const item: unknown = node.items[Number(key)];
  if (typeof item !== "object" || item === null) return undefined;
  const range = "range" in item && Array.isArray(item.range) ? item.range[0] : undefined;
  return { node: item, offset: typeof range === "number" ? range : undefined };
}
