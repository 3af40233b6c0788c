/** The texts of a vendor's fields, checked: the same for the environment, the file and the dashboard. Pure. */
import { BASE_URL_FIELD, type FieldValues, fieldProblem, type VendorField } from "../catalog/vendors/fields.ts";
import { baseUrlOf, missingFields, type Vendor } from "../catalog/vendors/vendors.ts";
import { upstreamUrlValue } from "./values.ts";

export interface FieldTrouble {
  field: VendorField;
  /** Null for a required field that is missing. */
  what: string | null;
}

export interface CheckedFields {
  /** As they are used: the address without a slash at its end. */
  values: FieldValues;
  /** Null while the troubles leave it unknown. */
  baseUrl: string | null;
  troubles: FieldTrouble[];
}

/** Every trouble at once. Names that the vendor has no field for are the caller's to refuse. */
export function checkFields(vendor: Vendor, given: FieldValues): CheckedFields {
  const values: Record<string, string> = {};
  const missing = missingFields(vendor, ({ name }) => given[name] !== undefined);
  const troubles = missing.map((field): FieldTrouble => ({ field, what: null }));
  for (const field of vendor.fields) {
    const text = given[field.name];
    if (text === undefined) continue;
    const read = readField(field, text);
    if ("wrong" in read) troubles.push({ field, what: read.wrong });
    else values[field.name] = read.value;
  }
  const baseUrl = baseUrlOf(vendor, values);
  const hasTroubleWith = (name: string) => troubles.some(({ field }) => field.name === name);
  if (baseUrl === null && vendor.baseUrl !== null) {
    for (const field of vendor.fields) {
      if (!vendor.baseUrl.includes(`{${field.name}}`) || hasTroubleWith(field.name)) continue;
      troubles.push({ field, what: "this becomes part of an address: write letters, digits and dashes only" });
    }
  }
  return { values, baseUrl: hasTroubleWith(BASE_URL_FIELD) ? null : baseUrl, troubles };
}

function readField(field: VendorField, text: string): { value: string } | { wrong: string } {
  if (field.kind !== "url") {
    const wrong = fieldProblem(field, text);
    return wrong === null ? { value: text } : { wrong };
  }
  const result = upstreamUrlValue.safeParse(text);
  return result.success
    ? { value: result.data }
    : { wrong: result.error.issues[0]?.message ?? "this is not an http:// or https:// URL" };
}
