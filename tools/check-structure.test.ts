import { describe, expect, test } from "bun:test";
import { dirname } from "node:path";
import { checkStructure } from "./check-structure.ts";
import { importsOf } from "./structure/imports.ts";
import { readProject } from "./structure/project-files.ts";

const problemsOf = (path: string, text: string) => checkStructure([{ path, text }]).map(({ message }) => message);

describe("the arrows", () => {
  test("an import against them is found, on its line", () => {
    const text = 'import { a } from "../kernel/a.ts";\n\nimport { b } from "../control/keys/b.ts";\n';
    const found = checkStructure([{ path: "src/gateway/x.ts", text }]);
    expect(found).toEqual([
      { path: "src/gateway/x.ts", line: 3, message: "gateway may import nothing of control (../control/keys/b.ts)" },
    ]);
  });

  test("every way of importing counts: over several lines, for its effect, while running, as a worker", () => {
    for (const statement of [
      'import {\n  a,\n  type B,\n} from "../storage/x.ts";',
      'import type { A } from "../storage/x.ts";',
      'export { a } from "../storage/x.ts";',
      'import "../storage/x.ts";',
      'const a = await import("../storage/x.ts");',
      'new Worker(new URL("../storage/x.ts", import.meta.url));',
    ]) {
      expect(problemsOf("src/gateway/x.ts", statement)).toHaveLength(1);
    }
  });

  test("the composition root may import everything, and no layer may import it", () => {
    expect(problemsOf("src/main.ts", 'import { a } from "./gateway/a.ts";')).toEqual([]);
    expect(problemsOf("src/jobs/x.ts", 'import { serve } from "../main.ts";')).toHaveLength(1);
  });

  test("the product never imports its tests, its tools or its benchmarks", () => {
    for (const folder of ["test/support", "tools", "bench"]) {
      expect(problemsOf("src/storage/x.ts", `import { a } from "../../${folder}/a.ts";`)).toHaveLength(1);
    }
  });

  test("a test beside the source may use what tests share, and no more layers than its source", () => {
    expect(problemsOf("src/storage/x.test.ts", 'import { a } from "../../test/support/a.ts";')).toEqual([]);
    expect(problemsOf("src/storage/x.test.ts", 'import { a } from "../control/a.ts";')).toHaveLength(1);
  });

  test("a new folder needs its arrows drawn first", () => {
    expect(problemsOf("src/novelty/x.ts", 'import { a } from "../kernel/a.ts";')).toHaveLength(1);
  });
});

describe("providers", () => {
  const vendor = "src/gateway/providers/alpha/alpha.ts";

  test("one vendor's folder never imports another's", () => {
    expect(problemsOf(vendor, 'import { b } from "../beta/b.ts";')).toHaveLength(1);
  });

  test("a vendor may use its own folder, a shared dialect and what all providers share", () => {
    expect(problemsOf(vendor, 'import { a } from "./models.ts";')).toEqual([]);
    expect(problemsOf(vendor, 'import { a } from "../openai-compatible/generic.ts";')).toEqual([]);
    expect(problemsOf(vendor, 'import { a } from "../adapter.ts";')).toEqual([]);
  });

  test("of the shared code only the registry names vendors", () => {
    expect(problemsOf("src/gateway/router/plan.ts", 'import { a } from "../providers/alpha/alpha.ts";')).toHaveLength(
      1,
    );
    expect(problemsOf("src/gateway/providers/vendors.ts", 'import { a } from "./alpha/alpha.ts";')).toEqual([]);
  });
});

describe("packages", () => {
  test("the kernel does no input or output, and the gateway knows no database and no web framework", () => {
    expect(problemsOf("src/kernel/x.ts", 'import { readFileSync } from "node:fs";')).toHaveLength(1);
    expect(problemsOf("src/gateway/x.ts", 'import { Hono } from "hono";')).toHaveLength(1);
    expect(problemsOf("src/gateway/x.ts", 'import { Kysely } from "kysely";')).toHaveLength(1);
  });

  test("the dashboard imports nothing that a browser lacks, except in its tests", () => {
    expect(problemsOf("web/src/x.ts", 'import { join } from "node:path";')).toHaveLength(1);
    expect(problemsOf("web/src/x.test.ts", 'import { test } from "bun:test";')).toEqual([]);
  });
});

describe("texts", () => {
  test("a second door to the outside is found where no lint rule looks", () => {
    expect(problemsOf("src/control/x.ts", "await globalThis.fetch(url);")).toHaveLength(1);
    expect(problemsOf("src/control/x.ts", "await Bun.connect({ hostname, port, socket });")).toHaveLength(1);
    expect(problemsOf("web/src/features/x.tsx", "window.fetch(url);")).toHaveLength(1);
    expect(problemsOf("src/gateway/transport/transport.ts", "await Bun.fetch(url);")).toEqual([]);
  });

  test("the environment is read in its few places, by whatever name", () => {
    expect(problemsOf("src/control/x.ts", "const a = Bun.env.PORT;")).toHaveLength(1);
    expect(problemsOf("src/control/x.ts", "const { env } = process;")).toHaveLength(1);
    expect(problemsOf("src/config/load.ts", "const { env } = process;")).toEqual([]);
  });

  test("paths of a machine and hosts of registries are found in any file", () => {
    const path = ["", "home", "somebody", "project"].join("/");
    const host = ["https:", "", "registry.example.com", "pkg.tgz"].join("/");
    expect(checkStructure([{ path: "docs/x.md", text: `first\nRun ${path}/x` }])).toEqual([
      { path: "docs/x.md", line: 2, message: "a path of somebody's machine" },
    ]);
    expect(problemsOf("package-lock.json", `"resolved": "${host}"`)).toHaveLength(1);
    expect(problemsOf("docs/x.md", "the /home page of https://example.com/home/page, and /rooted")).toEqual([]);
  });
});

describe("reading imports", () => {
  test("what is commented out or only quoted is no import", () => {
    const text = '/**\n * import("./a.ts")\n */\n// import "./b.ts"\nconst text = \'from "./c.ts"\';\n';
    expect(importsOf(text)).toEqual([]);
  });

  test("a glob that looks like a comment hides nothing behind it", () => {
    const text = 'const files = "src/**/*.ts";\nconst a = await import("./a.ts");\nconst b = "x/*";\n';
    expect(importsOf(text)).toEqual([{ specifier: "./a.ts", line: 2 }]);
  });
});

test("the project's own files are found without git, and nobody else's are read", () => {
  const paths = readProject(dirname(import.meta.dir)).map(({ path }) => path);
  expect(paths).toContain("tools/check-structure.test.ts");
  expect(paths).toContain(".gitignore");
  expect(paths.filter((path) => path.startsWith("node_modules/") || path.startsWith(".git/"))).toEqual([]);
});
