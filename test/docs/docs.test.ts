/** The pages that people read: complete, in step with the code, and equal in both languages. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { readConfigFile } from "../../src/config/file.ts";
import { loadConfig } from "../../src/config/load.ts";
import { withReference } from "../../src/config/reference.ts";
import { settingEntries } from "../../src/config/settings.ts";
import { errorTable } from "../../src/kernel/errors.ts";

const root = join(import.meta.dir, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Pages that exist in English and, under the second name, in Indonesian. */
const pairs: [string, string][] = [
  ["README.md", "README.id.md"],
  ...readdirSync(join(root, "docs"))
    .filter((file) => file.endsWith(".md") && existsSync(join(root, "docs", file.replace(/\.md$/, ".id.md"))))
    .map((file): [string, string] => [`docs/${file}`, `docs/${file.replace(/\.md$/, ".id.md")}`]),
];
const pages = [...pairs.flat(), "docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md"];

const withoutCode = (page: string) => page.replace(/```[\s\S]*?```/g, "");
const headings = (page: string) => withoutCode(page).match(/^#+ .+$/gm) ?? [];
const links = (page: string) => [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
const codeBlocks = (page: string) => page.match(/```[\s\S]*?```/g) ?? [];

/** The anchor that GitHub and its like give to a heading. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+ /, "").toLowerCase().replace(/[`*]/g, "");
  return text.replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

describe("two languages", () => {
  test("the pages that users need exist in both", () => {
    const english = pairs.map(([page]) => page);
    expect(english).toContainValues(["README.md", "docs/guide.md", "docs/configuration.md", "docs/errors.md"]);
  });

  test.each(pairs)("%s and %s have the same structure", (english, indonesian) => {
    const levels = (page: string) => headings(read(page)).map((heading) => heading.indexOf(" "));
    expect(levels(indonesian)).toEqual(levels(english));
    expect(codeBlocks(read(indonesian)).length).toBe(codeBlocks(read(english)).length);
  });

  test.each(pairs)("%s and %s lead to the same places, each in its own language", (english, indonesian) => {
    const neutral = (page: string) =>
      links(read(page)).map((link) =>
        link
          .replace(/#.*$/, "")
          .replace(/\.id\.md$/, ".md")
          .replace(/-(?:en|id)\.png$/, ".png"),
      );
    const others = (page: string) =>
      neutral(page).filter((link) => !link.endsWith(page.split("/").at(-1)?.replace(".id.md", ".md") ?? ""));
    expect(others(indonesian).sort()).toEqual(others(english).sort());
  });
});

describe("links", () => {
  test.each(pages)("%s links only to files and sections that exist", (page) => {
    const broken = links(read(page)).filter((link) => {
      if (/^(?:https?|mailto):/.test(link)) return false;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !headings(read(target)).map(anchorOf).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe("errors", () => {
  const words = {
    "docs/errors.md": ["**Cause:**", "**Remedy:**"],
    "docs/errors.id.md": ["**Sebab:**", "**Cara mengatasi:**"],
  };

  test.each(Object.entries(words))(
    "%s explains every error of the table, and no other",
    (page, [cause = "", remedy = ""]) => {
      const sections = read(page).split(/^### /m).slice(1);
      expect(sections.map((section) => section.split("\n")[0] ?? "").sort()).toEqual(Object.keys(errorTable).sort());
      for (const [code, row] of Object.entries(errorTable)) {
        const section = sections.find((candidate) => candidate.startsWith(`${code}\n`)) ?? "";
        expect(section).toContain(`\`${row.status}\` · \`${row.errorType}\``);
        expect(section.split(cause)[1]?.split(remedy)[0]?.trim().length ?? 0).toBeGreaterThan(20);
        expect(section.split(remedy)[1]?.split("\n## ")[0]?.trim().length ?? 0).toBeGreaterThan(10);
      }
    },
  );
});

describe("configuration", () => {
  test.each([
    ["docs/configuration.md", "en"],
    ["docs/configuration.id.md", "id"],
  ] as const)(
    "%s shows the settings as they are (else run: node tools/bun.mjs tools/write-reference.ts)",
    (page, language) => {
      expect(read(page)).toBe(withReference(read(page), language) ?? "the marks of the reference are missing");
    },
  );

  test("the example file is accepted, and names every setting", () => {
    const text = read("gapura.config.example.yaml");
    const uncommented = text.replace(/^# (?=\w+:| {2})/gm, "");
    const result = loadConfig({
      env: { LAB_API_KEY: "invented" },
      flags: {},
      cwd: "/srv",
      readFile: (path) => (path === "/srv/gapura.config.yaml" ? uncommented : undefined),
    });
    expect(result.ok ? [] : result.problems).toEqual([]);
    const named = new Set(readConfigFile("example", uncommented).values.keys());
    expect(settingEntries().filter(([name]) => !named.has(name))).toEqual([]);
  });

  test("the commented defaults of the example file are the real ones", () => {
    const readFile = (file: string | undefined) => (path: string) =>
      path === "/srv/gapura.config.yaml" ? file : undefined;
    const load = (file: string | undefined) =>
      loadConfig({ env: {}, flags: {}, cwd: "/srv", readFile: readFile(file) });
    const [example, plain] = [load(read("gapura.config.example.yaml")), load(undefined)];
    expect(example.ok && example.config).toEqual(plain.ok && plain.config);
  });

  test(".env.example names only variables that exist", () => {
    const known = new Set([
      ...settingEntries().map(([, setting]) => setting.variable),
      "OPENAI_API_KEY",
      "OPENROUTER_API_KEY",
    ]);
    const named = [...read(".env.example").matchAll(/^# ?([A-Z_]+)=/gm)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("the guide", () => {
  test.each(["docs/guide.md", "docs/guide.id.md"])(
    "%s has six numbered steps, three tips and the buttons' names",
    (page) => {
      const text = read(page);
      expect(headings(text).filter((heading) => /^## [1-6]\. /.test(heading))).toHaveLength(6);
      const lastSections = text.split(/^## /m);
      expect(
        lastSections.find((section) => /\n1\. \*\*[\s\S]*\n2\. \*\*[\s\S]*\n3\. \*\*/.test(section)),
      ).toBeDefined();
      for (const words of [
        "**Sign Up**",
        "**Login**",
        "**Dashboard**",
        "**API Keys**",
        "**Create New API Key**",
        "**Generate**",
      ]) {
        expect(text).toContain(words);
      }
      expect(text).toContain("Authorization: Bearer");
      expect(text).toContain('"model": "gpt-3.5"');
      expect(text).toContain("Halo, apa kabar?");
    },
  );
});
