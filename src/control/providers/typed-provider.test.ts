import { describe, expect, test } from "bun:test";
import { credentialFields, isSealed } from "../../catalog/vendors/fields.ts";
import { vendorOf, vendorTypes } from "../../catalog/vendors/vendors.ts";
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject } from "../../kernel/json.ts";
import { maskedKey } from "./masked-key.ts";
import { typedProvider, vendorTypeOf } from "./typed-provider.ts";

/** A text that each kind of field takes. */
const TEXTS = {
  text: "value-1",
  url: "https://own.example.com/v1",
  secret: "sk-invented-0123456789",
  document: '{"type":"service_account"}',
};

const filledFields = (type: (typeof vendorTypes)[number]) =>
  Object.fromEntries(vendorOf(type).fields.map((field) => [field.name, TEXTS[field.kind]]));

function problems(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    const found = error instanceof GapuraError ? error.metadata?.problems : undefined;
    if (!Array.isArray(found)) throw error;
    return found.map((problem) => (isJsonObject(problem) ? `${problem.field} ${problem.code}` : "?"));
  }
  return [];
}

describe.each(vendorTypes)("%s", (type) => {
  test("is connected by what its form asks for, and nothing that is sealed may be shown again", () => {
    const fields = filledFields(type);
    const typed = typedProvider(type, fields);
    expect(typed.baseUrl).toStartWith("https://");
    const shown = JSON.stringify([typed.shownFields, typed.label]);
    const sealed = vendorOf(type).fields.filter(isSealed);
    for (const field of sealed) expect(shown).not.toContain(fields[field.name] ?? "?");
    for (const field of sealed) expect(typed.fields[field.name]).toBe(fields[field.name] ?? "?");
  });

  test("its secrets go to no other origin unless they are typed again", () => {
    const sealed = vendorOf(type).fields.filter(isSealed);
    const stored = { ...typedProvider(type, filledFields(type)), baseUrl: "https://former.example.com/v1" };
    expect(problems(() => typedProvider(type, {}, stored)).sort()).toEqual(
      sealed.map(({ name }) => `fields.${name} retype`).sort(),
    );
    expect(problems(() => typedProvider(type, filledFields(type), stored))).toEqual([]);
  });
});

test("a change keeps every field that was not typed, and an empty text takes one away", () => {
  const type = vendorTypeOf("openai-compatible");
  const stored = typedProvider(type, { baseUrl: "https://own.example.com/v1", apiKey: TEXTS.secret });
  expect(typedProvider(type, { baseUrl: "https://own.example.com/v2/" }, stored)).toMatchObject({
    baseUrl: "https://own.example.com/v2",
    fields: { apiKey: TEXTS.secret },
  });
  expect(typedProvider(type, { apiKey: "" }, stored).credential).toBeNull();
  expect(problems(() => typedProvider(type, { baseUrl: "" }, stored))).toEqual(["fields.baseUrl missing"]);
});

test("names of fields that every object has are no fields of a vendor", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    expect(problems(() => typedProvider("openai", { apiKey: "sk-1", [name]: "x" }))).toEqual([`fields.${name} wrong`]);
    expect(problems(() => vendorTypeOf(name))).toEqual(["type wrong"]);
  }
  expect(credentialFields(typedProvider("openai", { apiKey: "sk-1" }).credential)).toEqual({});
});

test("a mask tells two keys apart and shows neither a short key nor a key file", () => {
  const fields = vendorOf("openai").fields;
  expect(maskedKey(fields, { apiKey: "sk-proj-0123456789abcd" })).toBe("sk-…abcd");
  expect(maskedKey(fields, { apiKey: "0123456789abcdef" })).toBe("…cdef");
  expect(maskedKey(fields, { apiKey: "sk-short" })).toBe("…");
  expect(maskedKey(fields, {})).toBe("");
});
