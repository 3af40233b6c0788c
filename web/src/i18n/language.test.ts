import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorTable } from "../../../src/kernel/errors.ts";
import { englishTexts } from "./en/texts.ts";
import { indonesianTexts } from "./id/texts.ts";
import { preferredLocale } from "./language.ts";

type Texts = Record<string, Record<string, string>>;

/** "group.name" to text, plural forms by their common name. */
function flat(texts: Texts): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [group, entries] of Object.entries(texts)) {
    for (const [name, text] of Object.entries(entries)) {
      const key = `${group}.${name.replace(/_(?:one|other)$/, "")}`;
      found.set(key, [...(found.get(key) ?? []), text]);
    }
  }
  return found;
}

const english = flat(englishTexts);
const indonesian = flat(indonesianTexts);
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("the two languages", () => {
  test("say the same things: neither lacks a text that the other has", () => {
    expect([...indonesian.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test("fill in the same blanks, so that no reader sees {{count}} or misses a figure", () => {
    for (const [key, texts] of english) {
      const wanted = new Set(texts.flatMap(placeholders));
      for (const text of indonesian.get(key) ?? [])
        expect({ key, blanks: new Set(placeholders(text)) }).toEqual({ key, blanks: wanted });
    }
  });

  test("leave nothing empty", () => {
    for (const texts of [english, indonesian]) {
      for (const [key, forms] of texts)
        for (const form of forms) expect({ key, isEmpty: form.trim() === "" }).toEqual({ key, isEmpty: false });
    }
  });

  test("are two languages: whole sentences differ", () => {
    for (const [key, [text = ""]] of english) {
      if (text.split(" ").length < 5) continue;
      expect({ key, text: indonesian.get(key)?.[0] }).not.toEqual({ key, text });
    }
  });

  test("keep the button names of the founding guide literally", () => {
    for (const texts of [englishTexts, indonesianTexts]) {
      expect(texts.account.signUp).toBe("Sign Up");
      expect(texts.account.login).toBe("Login");
      expect(texts.shell.dashboard).toBe("Dashboard");
      expect(texts.shell.apiKeys).toBe("API Keys");
      expect(texts.shell.apiManagement).toBe("API Management");
      expect(texts.keys.create).toBe("Create New API Key");
      expect(texts.keys.generate).toBe("Generate");
    }
  });

  test("keep no text that no page shows any more", () => {
    const files = new Bun.Glob("{features,lib,routes,ui}/**/*.{ts,tsx}").scanSync(dirname(import.meta.dir));
    const source = [...files].map((file) => readFileSync(join(dirname(import.meta.dir), file), "utf8")).join("\n");
    // These are looked up by a code or a name that the server gives.
    const isLookedUp = (key: string) => /^(?:errors|operations)\./.test(key);
    // `keys.sort_${value}` and `routing.${action}Title` show every text of that form; a name that is all blank says too little.
    const forms = [...source.matchAll(/`(\w+\.\w*)\$\{[^{}]+\}(\w*)`/g)].flatMap(([, before = "", after = ""]) =>
      before.endsWith(".") && after === "" ? [] : [new RegExp(`^${before}\\w+${after}$`)],
    );
    const isShown = (key: string) => source.includes(`"${key}"`) || forms.some((form) => form.test(key));
    const unused = [...english.keys()].filter((key) => !isLookedUp(key) && !isShown(key));
    expect(unused).toEqual([]);
  });

  test("explain every error code of the server", () => {
    for (const code of Object.keys(errorTable)) {
      expect(Object.keys(englishTexts.errors)).toContain(code);
      expect(Object.keys(indonesianTexts.errors)).toContain(code);
    }
  });
});

describe("the language that is shown", () => {
  test("is the reader's choice before the browser's", () => {
    expect(preferredLocale("en", ["id-ID"])).toBe("en");
  });

  test("is the first of the browser's that there is", () => {
    expect(preferredLocale(null, ["fr-FR", "id-ID", "en-US"])).toBe("id");
    expect(preferredLocale(null, ["en-GB", "id"])).toBe("en");
  });

  test("knows Indonesian by its former code, which old systems still send", () => {
    expect(preferredLocale(null, ["in-ID"])).toBe("id");
  });

  test("is English for everybody else, and for a choice that was never offered", () => {
    expect(preferredLocale("xx", ["fr"])).toBe("en");
    expect(preferredLocale(null, [])).toBe("en");
  });
});
