import { expect, test } from "bun:test";
import { eachEngine } from "../../test/support/databases.ts";
import { settingLines } from "../cli/checks/settings.ts";
import { loadConfig } from "../config/load.ts";
import { configurationOf, databaseOf } from "./administration.ts";

eachEngine((databases) => {
  test("the database says which it is, its version, and how large it is", async () => {
    const { engine, version, sizeBytes } = await databaseOf(await databases.open(await databases.migrated()));
    expect(engine).toBe(databases.engine);
    expect(version).toMatch(/^\d+\.\d/);
    expect(sizeBytes).toBeGreaterThan(100_000);
  });
});

test("the settings are those that gapura doctor prints, each with its source, and no secret among them", () => {
  const loaded = loadConfig({
    env: { SMTP_URL: "smtp://gapura:geheim@mail.example.com", GAPURA_SECRET: "s3cret".repeat(8), PORT: "9000" },
    flags: { host: "127.0.0.1" },
    cwd: "/srv/gapura",
    readFile: (path) => (path.endsWith("gapura.config.yaml") ? "logLevel: debug\n" : undefined),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { file, settings } = configurationOf(loaded.config, loaded);
  expect(settings.map(({ name, value, place }) => [name, value, place])).toEqual(
    settingLines(loaded).map(({ name, value, source }) => [name, value, source]),
  );
  const sourceOf = (wanted: string) => settings.find(({ name }) => name === wanted)?.source;
  expect(["HOST", "PORT", "LOG_LEVEL", "DRAIN_SECONDS"].map(sourceOf)).toEqual([
    "flag",
    "environment",
    "file",
    "default",
  ]);
  expect(file).toBe("/srv/gapura/gapura.config.yaml");
  expect(JSON.stringify(settings)).not.toMatch(/geheim|s3cret/);
});
