import { API_KEY_FIELD, type FieldValues, isSealed, type VendorField } from "../../catalog/vendors/fields.ts";

const SHOWN_AT_END = 4;
/** Shorter keys would be given away by what is shown of them. */
const SHORTEST_SHOWN = 16;

/** Enough to tell two keys apart, too little to guess one: `sk-…abcd`. Empty where there is no key. */
export function maskedKey(fields: readonly VendorField[], values: FieldValues): string {
  const sealed = fields.filter((field) => isSealed(field) && values[field.name] !== undefined);
  const field = sealed.find(({ name }) => name === API_KEY_FIELD) ?? sealed[0];
  if (field === undefined) return "";
  const key = values[field.name] ?? "";
  if (field.kind === "document" || key.length < SHORTEST_SHOWN) return "…";
  const prefix = /^[a-z]{2,4}[-_]/i.exec(key)?.[0] ?? "";
  return `${prefix}…${key.slice(-SHOWN_AT_END)}`;
}
