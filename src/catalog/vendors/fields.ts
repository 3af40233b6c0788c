/**
 * What a vendor has to be told to be connected: one entry per field of its form. The same list makes the dashboard's
 * form, the environment variables, the fields in gapura.config.yaml and the documentation.
 *
 * A credential is one `Secret`. A vendor whose only field beside the address is `apiKey` gets the key itself; every
 * other vendor gets a JSON object of its fields' texts, which its adapter reads with `credentialFields`.
 */
import { isJsonObject, parseJson } from "../../kernel/json.ts";
import type { Bilingual } from "../../kernel/locale.ts";
import { Secret } from "../../kernel/secret.ts";

/**
 * `text` and `url` are shown again in a form. `secret` and `document` (JSON over several lines, such as the key file of
 * a service account) are sealed and never shown again.
 */
export type FieldKind = "text" | "url" | "secret" | "document";

export interface VendorField {
  /** How it is named in gapura.config.yaml and in the credential: "region". `apiKey` and `baseUrl` have a meaning. */
  name: string;
  label: Bilingual;
  kind: FieldKind;
  isRequired: boolean;
  /** The environment variable that holds it; null when only the file and the dashboard can. */
  variable: string | null;
  /**
   * A variable that other programs use for the same value. It counts only where the vendor is asked for by a variable of
   * its own, and never beside one: parts of two accounts are not mixed.
   */
  sharedVariable?: string;
  /** A variable that other programs use for the path of a file with the value; it counts like `sharedVariable`. */
  sharedFileVariable?: string;
  /** Invented, and recognisably so where it is a secret. */
  example: string;
  help: Bilingual | null;
}

/** Field name to text; a field that is left out is not there. */
export type FieldValues = Readonly<Record<string, string>>;

export const BASE_URL_FIELD = "baseUrl";
export const API_KEY_FIELD = "apiKey";

type Given = Partial<Omit<VendorField, "name" | "kind">>;

export function apiKeyField(variable: string | null, given: Given = {}): VendorField {
  const label = { en: "API key", id: "API key" };
  return {
    name: API_KEY_FIELD,
    kind: "secret",
    label,
    isRequired: true,
    variable,
    example: "sk-…",
    help: null,
    ...given,
  };
}

/** The address, up to and without the path of an operation. */
export function baseUrlField(variable: string | null, given: Given = {}): VendorField {
  const label = { en: "Base URL", id: "Base URL" };
  const example = "https://llm.example.com/v1";
  return { name: BASE_URL_FIELD, kind: "url", label, isRequired: false, variable, example, help: null, ...given };
}

export function textField(name: string, field: Omit<VendorField, "name" | "kind">): VendorField {
  return { name, kind: "text", ...field };
}

export function secretField(name: string, field: Omit<VendorField, "name" | "kind">): VendorField {
  return { name, kind: "secret", ...field };
}

export function documentField(name: string, field: Omit<VendorField, "name" | "kind">): VendorField {
  return { name, kind: "document", ...field };
}

export function isSealed(field: VendorField): boolean {
  return field.kind === "secret" || field.kind === "document";
}

/** What is wrong with a text for this field, in words that do not repeat it; null for nothing. Addresses are not judged. */
export function fieldProblem(field: VendorField, text: string): string | null {
  if (field.kind === "document") {
    const parsed = parseJson(text);
    return parsed.ok && isJsonObject(parsed.value) ? null : "this is not the JSON of a whole key file";
  }
  // Keys and the like go into headers and addresses.
  if (field.kind === "secret" && !/^[\x21-\x7e]+$/.test(text))
    return "this holds a space, a line break or an accented letter";
  if (field.kind === "text" && !/^[\w.:/@+,-]{1,256}$/.test(text))
    return "write letters, digits and . , _ - : / @ + only, up to 256 of them";
  return null;
}

/** The credential of a vendor's fields; null when none is there. */
export function credentialOf(fields: readonly VendorField[], values: FieldValues): Secret | null {
  const names = fields.map(({ name }) => name).filter((name) => name !== BASE_URL_FIELD);
  if (names.length === 1 && names[0] === API_KEY_FIELD) {
    const key = values[API_KEY_FIELD];
    return key === undefined ? null : new Secret(key);
  }
  const parts = names.flatMap((name): [string, string][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  return parts.length === 0 ? null : new Secret(JSON.stringify(Object.fromEntries(parts)));
}

/** The parts of a credential that was made of several fields. For the vendor's adapter. */
export function credentialFields(credential: Secret | null): FieldValues {
  const parsed = parseJson(credential?.reveal() ?? "{}");
  const entries = parsed.ok && isJsonObject(parsed.value) ? Object.entries(parsed.value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** The address with `{field}` filled in from the values; null while a field that it needs is missing. */
export function filledAddress(template: string, values: FieldValues): string | null {
  let isComplete = true;
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    // One label of a host name or one step of a path, so that no value leads elsewhere.
    if (value === undefined || !/^[\w-]{1,64}$/.test(value)) isComplete = false;
    return value ?? "";
  });
  return isComplete ? address : null;
}
