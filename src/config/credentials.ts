/** Further keys of one provider: those that the file lists, and those of numbered variables. */
import { API_KEY_FIELD, type FieldValues, isSealed } from "../catalog/vendors/fields.ts";
import type { Vendor } from "../catalog/vendors/vendors.ts";
import type { Gathered } from "./gather.ts";
import type { FileCredential } from "./schema.ts";

/** One text of a field, and the place that a complaint about it names. */
export interface Written {
  text: string;
  where: string;
}

/** What one key is made of, as it was written. */
export interface KeyDraft {
  id: string;
  texts: Map<string, Written>;
  /** Fields that somebody wrote, but whose secret could not be read: that has been complained about. */
  unreadable: Set<string>;
  weight: number;
  priority: number;
  /** The place of a field that nobody wrote. */
  placeOf(field: string): string;
}

/** `OPENAI_API_KEY_2` to `OPENAI_API_KEY_9`. */
const NUMBERS = [2, 3, 4, 5, 6, 7, 8, 9] as const;

type Where = (...path: PropertyKey[]) => string;
type KeySource = Pick<FileCredential, "apiKey" | "apiKeyFile" | "apiKeyVariable">;

/** Those of one entry of the file. `where` gives the place of what stands under the entry. */
export function furtherKeys(gathered: Gathered, entries: readonly FileCredential[], where: Where): KeyDraft[] {
  const ids = new Set<string>();
  return entries.map((entry, index) => {
    const placeOf = (field: string) => where("credentials", index, field);
    if (ids.has(entry.id)) {
      gathered.problems.push({ where: placeOf("id"), what: "two keys have this id", fix: "Give each its own." });
    }
    ids.add(entry.id);
    const { texts, unreadable } = textsOf(gathered, entry, placeOf);
    for (const [name, secret] of Object.entries(entry.fields ?? {})) {
      texts.set(name, { text: secret.reveal(), where: placeOf("fields") });
    }
    return { id: entry.id, texts, unreadable, weight: entry.weight ?? 1, priority: entry.priority ?? 0, placeOf };
  });
}

/** Those of a vendor's numbered variables; only a vendor whose key is one text has them. */
export function numberedKeys(gathered: Gathered, vendor: Vendor): KeyDraft[] {
  const variable = numberedVariable(vendor);
  if (variable === null) return [];
  return NUMBERS.flatMap((number) => {
    const name = `${variable}_${number}`;
    const found = gathered.secretFromEnvironment(name);
    if (found === undefined) return [];
    const isRead = found.value !== undefined;
    const texts = new Map(isRead ? [[API_KEY_FIELD, { text: found.value ?? "", where: found.where }]] : []);
    const unreadable = new Set(isRead ? [] : [API_KEY_FIELD]);
    return [{ id: `environment-${number}`, texts, unreadable, weight: 1, priority: 0, placeOf: () => name }];
  });
}

/** Every variable that `numberedKeys` may read. */
export function numberedVariables(vendor: Vendor): string[] {
  const variable = numberedVariable(vendor);
  if (variable === null) return [];
  return NUMBERS.flatMap((number) => [`${variable}_${number}`, `${variable}_${number}_FILE`]);
}

function numberedVariable({ fields }: Vendor): string | null {
  const sealed = fields.filter(isSealed);
  const [only] = sealed;
  return sealed.length === 1 && only?.name === API_KEY_FIELD ? only.variable : null;
}

/** The key as written, from the named file, or from the named variable: one of the three. */
export function textsOf(
  gathered: Gathered,
  source: KeySource,
  placeOf: (field: string) => string,
): Pick<KeyDraft, "texts" | "unreadable"> {
  const texts = new Map<string, Written>();
  const key = keyOf(gathered, source, placeOf);
  if (key?.text !== undefined) texts.set(API_KEY_FIELD, { text: key.text, where: key.where });
  return { texts, unreadable: new Set(key !== undefined && key.text === undefined ? [API_KEY_FIELD] : []) };
}

function keyOf(
  gathered: Gathered,
  { apiKey, apiKeyFile, apiKeyVariable }: KeySource,
  placeOf: (field: string) => string,
): { text: string | undefined; where: string } | undefined {
  if ([apiKey, apiKeyFile, apiKeyVariable].filter((value) => value !== undefined).length > 1) {
    gathered.problems.push({
      where: placeOf("apiKey"),
      what: "the key is named more than once",
      fix: "Keep one of apiKey, apiKeyFile and apiKeyVariable.",
    });
  }
  if (apiKey !== undefined) return { text: apiKey.reveal(), where: placeOf("apiKey") };
  if (apiKeyFile !== undefined) {
    const where = placeOf("apiKeyFile");
    return { text: gathered.readSecretFile(where, apiKeyFile), where };
  }
  if (apiKeyVariable === undefined) return undefined;
  const text = gathered.environmentValue(apiKeyVariable);
  gathered.secretVariables.add(apiKeyVariable);
  if (text === undefined) {
    gathered.problems.push({
      where: placeOf("apiKeyVariable"),
      what: `the environment variable ${apiKeyVariable} is not set`,
      fix: `Set ${apiKeyVariable}, or take this provider out of the file.`,
    });
  }
  return { text, where: apiKeyVariable };
}

/** A key's own texts over those of its provider that are no secrets: parts of two keys are not mixed. */
export function withoutSecretsOf(vendor: Vendor, texts: ReadonlyMap<string, Written>, key: KeyDraft): FieldValues {
  const shared = [...texts].filter(([name]) => vendor.fields.some((field) => field.name === name && !isSealed(field)));
  return Object.fromEntries([...shared, ...key.texts].map(([name, { text }]) => [name, text]));
}

/** True where the provider itself has been given a secret, or nothing else could be one. */
export function hasOwnKey(vendor: Vendor, { texts, unreadable }: Pick<KeyDraft, "texts" | "unreadable">): boolean {
  return vendor.fields.some((field) => isSealed(field) && (texts.has(field.name) || unreadable.has(field.name)));
}
