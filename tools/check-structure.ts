/**
 * Holds the source to the architecture: who may import whom, where the doors to the outside are, and what no file of
 * the project may contain. The tables below are the rules; Biome (biome.json) keeps the rest of the house style.
 */
import { dirname, posix } from "node:path";
import { type Import, importsOf } from "./structure/imports.ts";
import { type ProjectFile, readProject } from "./structure/project-files.ts";

/**
 * The arrows of the design: a layer may import itself and what stands here. A layer is a folder of src/, or a folder at
 * the top.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  config: ["kernel", "catalog"],
  contract: ["kernel"],
  catalog: ["kernel"],
  telemetry: ["kernel"],
  gateway: ["kernel", "catalog"],
  storage: ["kernel"],
  watch: ["kernel"],
  mail: ["kernel", "storage"],
  control: ["kernel", "contract", "storage", "mail", "catalog", "config"],
  jobs: ["kernel", "storage", "mail", "watch"],
  cli: ["kernel", "config", "contract", "catalog", "storage", "mail", "control", "jobs", "telemetry", "main"],
  main: ["*"],
  web: ["kernel", "contract"],
  test: ["*"],
  bench: ["*"],
  tools: ["*"],
};

/** Tests may also use what tests share. */
const TEST_ARROWS = ["test"];

/** The packages a layer lives on; a layer that is not named here may use any. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  kernel: ["node:crypto", "node:util"],
  contract: ["zod", "@hono/zod-openapi"],
  catalog: ["zod"],
  watch: ["ipaddr.js"],
  gateway: [
    ...["zod", "ipaddr.js", "node:dns/promises", "node:net", "node:crypto", "node:util"],
    // How Google and Amazon want requests signed and frame their streams.
    ...["jose", "@smithy/signature-v4", "@smithy/eventstream-codec", "@aws-crypto/sha256-js"],
  ],
};

/** Modules of a runtime that a browser does not have. */
const NOT_IN_A_BROWSER = /^(?:node:|bun$|bun:)/;

const PROVIDERS = "src/gateway/providers/";
/** Folders under providers/ that belong to no vendor: a dialect that many speak. */
const SHARED_DIALECTS = new Set(["openai-compatible", "openai-responses", "anthropic-messages", "google-gemini"]);
/** The one file outside the vendors' folders that may name them. */
const PROVIDER_REGISTRY = `${PROVIDERS}vendors.ts`;

interface TextRule {
  pattern: RegExp;
  where(path: string): boolean;
  message: string;
}

const isSource = (path: string) => /^(?:src|web)\/.*\.tsx?$/.test(path);
const isTest = (path: string) => /\.test\.tsx?$/.test(path);

/** What Biome's rules do not see, and what may stand in no file at all. */
const TEXT_RULES: readonly TextRule[] = [
  {
    pattern: /\b(?:globalThis|window|self|Bun)\.fetch\b|\bBun\.connect\b|\bnavigator\.sendBeacon\b/,
    where: (path) => isSource(path) && !isTest(path) && !/^(?:src\/gateway\/transport|web\/src\/lib)\//.test(path),
    message: "the only way out is src/gateway/transport; the dashboard's is web/src/lib",
  },
  {
    pattern: /\bBun\.env\b|\bimport\.meta\.env\b|\{[^{}\n]*\benv\b[^{}\n]*\} = (?:process|Bun)\b/,
    where: (path) => /^src\//.test(path) && !isTest(path) && !/^src\/(?:config\/|cli\/main\.ts)/.test(path),
    message: "the environment is read in src/config and src/cli/main.ts only",
  },
  {
    pattern: /(?:^|[\s"'`(=:])(?:\/(?:home|Users|root|work)\/[\w.-]|[A-Z]:\\Users\\)/,
    where: () => true,
    message: "a path of somebody's machine",
  },
  {
    pattern: /https?:\/\/[\w.-]*(?:npmjs|registry|artifactory|jfrog|verdaccio)[\w.-]*/i,
    where: () => true,
    message: "the host of a package registry; which one is used is each machine's own affair",
  },
];

export interface Violation {
  path: string;
  line: number;
  message: string;
}

/** Every violation in `files`, in the order of the files. */
export function checkStructure(files: readonly ProjectFile[]): Violation[] {
  return files.flatMap((file) => [...importViolations(file), ...textViolations(file)]);
}

function importViolations({ path, text }: ProjectFile): Violation[] {
  if (!/\.(?:ts|tsx|mjs)$/.test(path)) return [];
  return importsOf(text).flatMap((imported) => {
    const message = imported.specifier.startsWith(".")
      ? arrowProblem(path, imported)
      : packageProblem(path, imported.specifier);
    return message === undefined ? [] : [{ path, line: imported.line, message }];
  });
}

function arrowProblem(path: string, { specifier }: Import): string | undefined {
  const target = posix.join(dirname(path), specifier);
  const from = layerOf(path);
  const to = layerOf(target);
  if (from === undefined || to === undefined) return undefined;
  if (from === to) return from === "gateway" ? providerProblem(path, target) : undefined;
  const allowed = ARROWS[from];
  if (allowed === undefined) return `no arrows are drawn for ${from}/ (tools/check-structure.ts)`;
  if (allowed.includes("*") || allowed.includes(to)) return undefined;
  if (isTest(path) && TEST_ARROWS.includes(to)) return undefined;
  return `${from} may import nothing of ${to} (${specifier})`;
}

/** The layer of a path; undefined for files at the top, such as package.json, which belong to none. */
function layerOf(path: string): string | undefined {
  const [top, second] = path.split("/");
  if (second === undefined) return undefined;
  return top === "src" ? second.replace(/(?:\.test)?\.tsx?$/, "") : top;
}

/** Vendors know nothing of each other, and nobody but the registry knows them. */
function providerProblem(path: string, target: string): string | undefined {
  const vendor = vendorOf(target);
  if (vendor === undefined || SHARED_DIALECTS.has(vendor) || vendorOf(path) === vendor) return undefined;
  if (path === PROVIDER_REGISTRY || (isTest(path) && vendorOf(path) === undefined)) return undefined;
  return `only ${PROVIDER_REGISTRY} may import a vendor's folder (providers/${vendor}/)`;
}

function vendorOf(path: string): string | undefined {
  if (!path.startsWith(PROVIDERS)) return undefined;
  const [folder, file] = path.slice(PROVIDERS.length).split("/");
  return file === undefined ? undefined : folder;
}

function packageProblem(path: string, specifier: string): string | undefined {
  if (isTest(path)) return undefined;
  const layer = layerOf(path) ?? "";
  if (path.startsWith("web/src/") && NOT_IN_A_BROWSER.test(specifier)) return `a browser has no ${specifier}`;
  const allowed = PACKAGES[layer];
  if (allowed === undefined || allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`))) {
    return undefined;
  }
  return `${layer} lives without ${specifier} (PACKAGES in tools/check-structure.ts)`;
}

function textViolations({ path, text }: ProjectFile): Violation[] {
  const rules = TEXT_RULES.filter((rule) => rule.where(path) && rule.pattern.test(text));
  return rules.flatMap(({ pattern, message }) =>
    text.split("\n").flatMap((line, index) => (pattern.test(line) ? [{ path, line: index + 1, message }] : [])),
  );
}

/** One line per violation, as editors and terminals make them clickable. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ path, line, message }) => `${path}:${line}  ${message}`).join("\n");
}

if (import.meta.main) {
  const files = readProject(dirname(import.meta.dir));
  const violations = checkStructure(files);
  console.log(violations.length === 0 ? `${files.length} files keep the structure.` : describeViolations(violations));
  process.exitCode = violations.length === 0 ? 0 : 1;
}
