import { describe, expect, test } from "bun:test";
import { loadConfig } from "./load.ts";

function load(file: string, env: Record<string, string> = {}) {
  return loadConfig({
    env: { LOCAL_PROVIDERS: "off", ...env },
    flags: {},
    cwd: "/srv/gapura",
    readFile: (path) => {
      if (path.endsWith("gapura.config.yaml")) return file;
      return path.endsWith("/second-key") ? "sk-from-a-file\n" : undefined;
    },
  });
}

function providersOf(file: string, env: Record<string, string> = {}) {
  const loaded = load(file, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.providers;
}

function problemsOf(file: string, env: Record<string, string> = {}): string[] {
  const loaded = load(file, env);
  return loaded.ok ? [] : loaded.problems.map(({ where, what }) => `${where.replace(/^.*, /, "")}: ${what}`);
}

const keysOf = (file: string, env: Record<string, string> = {}) =>
  providersOf(file, env)[0]?.credentials?.map(({ id, secret, weight, priority }) => [
    ...[id, secret?.reveal(), weight, priority],
  ]);

describe("several keys of one provider", () => {
  test("stand in the file beside its own, each with its share and its turn", () => {
    const file = `
providers:
  - type: openai
    apiKey: sk-own
    credentials:
      - { id: team-a, apiKeyVariable: TEAM_A, weight: 2.5 }
      - { id: spare, apiKeyFile: second-key, priority: 1 }
`;
    expect(keysOf(file, { TEAM_A: "sk-a" })).toEqual([
      ["1", "sk-own", 1, 0],
      ["team-a", "sk-a", 2.5, 0],
      ["spare", "sk-from-a-file", 1, 1],
    ]);
    expect(providersOf(file, { TEAM_A: "sk-a" })[0]?.credential?.reveal()).toBe("sk-own");
  });

  test("need no key of the provider's own, and a single one is as if it were that", () => {
    const file = "providers:\n  - type: openai\n    credentials:\n      - { id: a, apiKey: sk-a }\n";
    const [provider] = providersOf(`${file}      - { id: b, apiKey: sk-b }\n`);
    expect(provider?.credential?.reveal()).toBe("sk-a");
    expect(provider?.credentials?.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(providersOf(file)[0]).not.toHaveProperty("credentials");
  });

  test("come from numbered variables too, and leave the environment", () => {
    const env = { OPENAI_API_KEY: "sk-1", OPENAI_API_KEY_2: "sk-2", OPENAI_API_KEY_7_FILE: "/run/second-key" };
    expect(keysOf("", env)).toEqual([
      ["1", "sk-1", 1, 0],
      ["environment-2", "sk-2", 1, 0],
      ["environment-7", "sk-from-a-file", 1, 0],
    ]);
    const loaded = load("", env);
    expect(loaded.ok && loaded.secretVariables).toContain("OPENAI_API_KEY_2");
    expect(keysOf("providers:\n  - { type: openai, apiKey: sk-file }\n", { OPENAI_API_KEY_2: "sk-2" })).toHaveLength(2);
  });

  test("of several fields are whole keys: no part of one goes with a part of another", () => {
    const own = "    fields: { region: eu-central-1, accessKeyId: AKIAOWN00000000000, secretAccessKey: own-secret }\n";
    const head = `providers:\n  - type: amazon-bedrock\n${own}    credentials:\n`;
    const second = "      - { id: b, fields: { accessKeyId: AKIATWO00000000000, secretAccessKey: two } }\n";
    expect(JSON.parse(providersOf(head + second)[0]?.credentials?.[1]?.secret?.reveal() ?? "")).toEqual({
      region: "eu-central-1",
      accessKeyId: "AKIATWO00000000000",
      secretAccessKey: "two",
    });
    const part = "      - { id: b, fields: { accessKeyId: AKIATWO00000000000 } }\n";
    expect(problemsOf(head + part).length).toBeGreaterThan(0);
    const away = second.replace("{ accessKeyId", "{ region: us-east-1, accessKeyId");
    expect(problemsOf(head + away)).toEqual([expect.stringContaining("leads to another address")]);
  });

  test("that cannot be told apart or read are each complained about at their place", () => {
    const file = `
providers:
  - type: openai
    apiKey: sk-own
    weight: 0
    credentials:
      - { id: a, apiKey: sk-a, apiKeyVariable: NOWHERE }
      - { id: a }
      - { id: c, apiKey: sk-c, priority: -1 }
`;
    const found = problemsOf(file).join("\n");
    expect(found).toContain("providers.0.weight: 0 is out of range");
    expect(found).toContain("providers.0.credentials.2.priority");
    const right = file.replace("    weight: 0\n", "").replace(", priority: -1", "");
    const more = problemsOf(right).join("\n");
    expect(more).toContain("providers.0.credentials.1.id: two keys have this id");
    expect(more).toContain("the key is named more than once");
    expect(more).toContain("has no API key");
    expect(problemsOf(right.replace("id: c", "name: c")).join("\n")).toContain("credentials.2");
  });
});

test("a provider has its share, its turn and its patience, and so has a model", () => {
  const file = `
providers:
  - { type: openai, apiKey: sk-1, weight: 3, priority: 1, timeouts: { firstByteSeconds: 90, silenceSeconds: 0.5 } }
models:
  - { id: openai/o3, timeouts: { wholeAnswerSeconds: 900 } }
timeouts:
  connectSeconds: 2.5
`;
  const loaded = load(file, { FIRST_BYTE_TIMEOUT_SECONDS: "20", HEDGING: "request" });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { providers, models, timeouts, hedging } = loaded.config;
  expect(providers[0]).toMatchObject({ weight: 3, priority: 1, timeouts: { firstByteMs: 90_000, silenceMs: 500 } });
  expect(models[0]?.timeouts).toEqual({ wholeAnswerMs: 900_000 });
  expect(timeouts).toEqual({
    connectMs: 2_500,
    firstByteMs: 20_000,
    wholeAnswerMs: 300_000,
    silenceMs: 30_000,
    answerMs: 600_000,
    streamMs: 3_600_000,
  });
  expect(hedging).toBe("request");
  expect(problemsOf("providers:\n  - { type: openai, apiKey: sk-1, timeouts: { firstByte: 1 } }\n")[0]).toContain(
    "no such field",
  );
  expect(problemsOf("", { SILENCE_TIMEOUT_SECONDS: "0.01" })).toEqual(["SILENCE_TIMEOUT_SECONDS: 0.01 is too small"]);
});
