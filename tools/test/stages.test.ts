import { expect, test } from "bun:test";
import { planStages } from "./stages.ts";

const PATHS = [
  "src/kernel/money.ts",
  "src/kernel/money.test.ts",
  "tools/test/stages.test.ts",
  "web/src/lib/api.test.tsx",
  "bench/table.test.ts",
  "test/matrix/matrix.test.ts",
  "test/guide/guide.test.ts",
  "test/e2e/keys.test.ts",
  "test/support/server.ts",
];

test("unit tests come first, tests with a browser last, and every test file runs exactly once", () => {
  const stages = planStages({ paths: PATHS, filters: [] });
  expect(stages.map(({ name, files }) => [name, files])).toEqual([
    [
      "beside the source",
      ["bench/table.test.ts", "src/kernel/money.test.ts", "tools/test/stages.test.ts", "web/src/lib/api.test.tsx"],
    ],
    ["across folders", ["test/matrix/matrix.test.ts"]],
    ["browser", ["test/e2e/keys.test.ts", "test/guide/guide.test.ts"]],
  ]);
});

test("a folder that should hold tests and holds none is named, one that does not exist is not", () => {
  const lost = PATHS.filter((path) => path !== "test/guide/guide.test.ts" && !path.startsWith("test/e2e/"));
  const stages = planStages({ paths: [...lost, "test/guide/steps.ts"], filters: [] });
  expect(stages.at(-1)).toEqual({ name: "browser", files: [], emptyFolders: ["test/guide"] });
  expect(planStages({ paths: lost, filters: [] }).map(({ name }) => name)).not.toContain("browser");
});

test("filters choose by part of the path, as a shell completes it, and expect nothing of other folders", () => {
  const stages = planStages({ paths: PATHS, filters: ["./src/kernel/", "test/e2e"] });
  expect(stages.map(({ files }) => files)).toEqual([["src/kernel/money.test.ts"], ["test/e2e/keys.test.ts"]]);
  expect(planStages({ paths: PATHS, filters: ["no/such"] })).toEqual([]);
});
