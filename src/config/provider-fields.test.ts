import { describe, expect, test } from "bun:test";
import {
  apiKeyField,
  baseUrlField,
  credentialFields,
  credentialOf,
  documentField,
  secretField,
  textField,
} from "../catalog/vendors/fields.ts";
import { type Vendor, vendorOf, vendorTypes } from "../catalog/vendors/vendors.ts";
import { LOCALES } from "../kernel/locale.ts";
import { checkFields } from "./provider-fields.ts";

const label = { en: "x", id: "x" };
const given = { label, isRequired: true, variable: null, example: "x", help: null };
const cloud: Vendor = {
  name: "Cloud",
  slug: "cloud",
  baseUrl: "https://models.{region}.example.com",
  keyPageUrl: null,
  authors: null,
  fields: [
    textField("region", given),
    secretField("secretKey", given),
    documentField("account", { ...given, isRequired: false }),
    baseUrlField(null),
  ],
};

describe("the table", () => {
  test.each(vendorTypes)("%s can be connected with what it declares", (type) => {
    const { slug, baseUrl, fields, keyPageUrl } = vendorOf(type);
    const names = fields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const address = fields.find(({ name }) => name === "baseUrl");
    if (baseUrl === null) expect(address?.isRequired).toBe(true);
    for (const [, name = ""] of (baseUrl ?? "").matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
    if (slug !== null) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    if (keyPageUrl !== null) expect(keyPageUrl).toStartWith("https://");
    for (const field of fields) for (const locale of LOCALES) expect(field.label[locale]).not.toBe("");
  });

  test("no two fields read one environment variable for different things", () => {
    const variables = vendorTypes.flatMap((type) => {
      const { sharesVariables, fields } = vendorOf(type);
      return sharesVariables ? [] : fields.flatMap(({ variable }) => variable ?? []);
    });
    expect(new Set(variables).size).toBe(variables.length);
  });
});

describe("credentials", () => {
  test("a lone API key is the credential itself", () => {
    const credential = credentialOf([apiKeyField(null), baseUrlField(null)], { apiKey: "sk-1", baseUrl: "https://x" });
    expect(credential?.reveal()).toBe("sk-1");
  });

  test("several fields become one secret that the adapter can take apart, without the address", () => {
    const credential = credentialOf(cloud.fields, { region: "eu-1", secretKey: "s", baseUrl: "https://x" });
    expect(credentialFields(credential)).toEqual({ region: "eu-1", secretKey: "s" });
    expect(credentialFields(null)).toEqual({});
  });
});

describe("what a vendor is told", () => {
  test("the address is filled in from the fields, and an address of one's own wins", () => {
    const values = { region: "eu-1", secretKey: "s" };
    expect(checkFields(cloud, values).baseUrl).toBe("https://models.eu-1.example.com");
    expect(checkFields(cloud, { ...values, baseUrl: "https://own.example.com/" }).baseUrl).toBe(
      "https://own.example.com",
    );
  });

  test.each(["evil.example.com/", "a.b", "x@evil", "../up", "a:80", "a/b"])(
    "%s as a region leads to no other host",
    (region) => {
      const { baseUrl, troubles } = checkFields(cloud, { region, secretKey: "s" });
      expect(baseUrl).toBeNull();
      expect(troubles.map(({ field }) => field.name)).toEqual(["region"]);
    },
  );

  test("everything wrong or missing is named at once, and no secret is repeated", () => {
    const { troubles } = checkFields(cloud, { secretKey: "two words", account: "{broken" });
    expect(troubles.map(({ field, what }) => [field.name, what === null])).toEqual([
      ["region", true],
      ["secretKey", false],
      ["account", false],
    ]);
    expect(JSON.stringify(troubles.map(({ what }) => what))).not.toContain("two words");
  });
});
