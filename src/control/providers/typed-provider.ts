/** What was typed about a provider, judged: either a whole provider or every problem at once. No I/O. */
import {
  BASE_URL_FIELD,
  credentialOf,
  type FieldValues,
  isSealed,
  type VendorField,
} from "../../catalog/vendors/fields.ts";
import { isVendorType, type Vendor, type VendorType, vendorOf } from "../../catalog/vendors/vendors.ts";
import { checkFields } from "../../config/provider-fields.ts";
import { slugSchema } from "../../config/schema.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Secret } from "../../kernel/secret.ts";
import { maskedKey } from "./masked-key.ts";

/** A provider whose every field has been checked. */
export interface TypedProvider {
  type: VendorType;
  baseUrl: string;
  /** All fields but the address. */
  fields: FieldValues;
  /** Those of them that may be shown again, and the address where one was typed. */
  shownFields: FieldValues;
  label: string;
  credential: Secret | null;
}

/** What is stored about a provider that is being changed. `fields` are as they were opened. */
export interface StoredProvider {
  baseUrl: string;
  fields: FieldValues;
  shownFields: FieldValues;
}

export function vendorTypeOf(text: string): VendorType {
  if (isVendorType(text)) return text;
  throw invalid([{ field: "type", code: "wrong", problem: "there is no such vendor" }]);
}

/** The slug that was typed, or the vendor's own. Throws invalid_field. */
export function slugOf(vendor: Vendor, typed: string | undefined): string {
  if (typed === undefined || typed === "") {
    if (vendor.slug !== null) return vendor.slug;
    throw invalid([{ field: "slug", code: "missing", problem: "write a short name for it, such as my-server" }]);
  }
  const result = slugSchema.safeParse(typed);
  if (result.success) return result.data;
  throw invalid([{ field: "slug", code: "wrong", problem: result.error.issues[0]?.message ?? "is not a slug" }]);
}

/**
 * A new provider from what was typed, or a stored one with what was typed in the place of its own. An empty text takes
 * a field away. A stored secret goes nowhere but to the origin that it was typed for: when the address leads to
 * another one, it must be typed again. Throws invalid_field with every problem.
 */
export function typedProvider(type: VendorType, typed: FieldValues, stored?: StoredProvider): TypedProvider {
  const vendor = vendorOf(type);
  const unknown = Object.keys(typed).filter((name) => !vendor.fields.some((field) => field.name === name));
  const merged = mergedFields(vendor, typed, stored);
  const { values, baseUrl, troubles } = checkFields(vendor, merged);
  const problems = [
    ...unknown.map((name) => problemAt(name, "wrong", `${vendor.name} has no such field`)),
    ...troubles.map(({ field, what }) =>
      problemAt(field.name, what === null ? "missing" : "wrong", what ?? "this is needed"),
    ),
    ...(stored !== undefined && baseUrl !== null ? strandedSecrets(vendor, typed, { stored, baseUrl }) : []),
  ];
  if (problems.length > 0 || baseUrl === null) throw invalid(problems);
  const { [BASE_URL_FIELD]: _, ...fields } = values;
  const isShown = (name: string) => vendor.fields.some((field) => field.name === name && !isSealed(field));
  return {
    type,
    baseUrl,
    fields,
    shownFields: Object.fromEntries(Object.entries(values).filter(([name]) => isShown(name))),
    label: maskedKey(vendor.fields, fields),
    credential: credentialOf(vendor.fields, fields),
  };
}

function mergedFields(vendor: Vendor, typed: FieldValues, stored: StoredProvider | undefined): FieldValues {
  const before: FieldValues = { ...stored?.fields, ...addressOf(stored) };
  const entries = vendor.fields.flatMap(({ name }): [string, string][] => {
    const text = typed[name] ?? before[name] ?? "";
    return text === "" ? [] : [[name, text]];
  });
  return Object.fromEntries(entries);
}

function addressOf(stored: StoredProvider | undefined): FieldValues {
  const address = stored?.shownFields[BASE_URL_FIELD];
  return address === undefined ? {} : { [BASE_URL_FIELD]: address };
}

/** Secrets that would go along to another origin without having been typed for it. */
function strandedSecrets(
  vendor: Vendor,
  typed: FieldValues,
  { stored, baseUrl }: { stored: StoredProvider; baseUrl: string },
): FieldProblem[] {
  if (new URL(stored.baseUrl).origin === new URL(baseUrl).origin) return [];
  const isStranded = (field: VendorField) =>
    isSealed(field) && stored.fields[field.name] !== undefined && typed[field.name] === undefined;
  const problem = "type it again: the address now leads to another server, and a stored key never goes along";
  return vendor.fields.filter(isStranded).map(({ name }) => problemAt(name, "retype", problem));
}

/** One entry that was refused. The dashboard has words of its own for each code. */
export interface FieldProblem {
  field: string;
  /** retype: the address leads elsewhere now. address: the gateway would not connect to it. */
  code: "missing" | "wrong" | "retype" | "taken" | "address";
  problem: string;
}

export function problemAt(name: string, code: FieldProblem["code"], problem: string): FieldProblem {
  return { field: `fields.${name}`, code, problem };
}

export function invalid(problems: readonly FieldProblem[]): GapuraError {
  const [first] = problems;
  return new GapuraError("invalid_field", {
    values: { field: first?.field ?? "body", reason: `${first?.problem ?? "is not valid"}.` },
    metadata: { problems },
  });
}
