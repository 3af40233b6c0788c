/** Accounts of clouds from the environment: what connects one, and what must not. */
import { describe, expect, test } from "bun:test";
import { credentialFields } from "../catalog/vendors/fields.ts";
import { loadConfig } from "./load.ts";
import { problemText } from "./problem.ts";

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAINVENTED00000000",
  AWS_SECRET_ACCESS_KEY: "invented/secret",
  AWS_SESSION_TOKEN: "invented-token",
  AWS_REGION: "us-east-1",
};
const KEY_FILE = '{"type":"service_account","client_email":"gapura@example.com"}';

function load(env: Record<string, string>, files: Record<string, string> = {}) {
  return loadConfig({ env, flags: {}, cwd: "/srv", readFile: (path) => files[path] });
}

function connected(env: Record<string, string>, files: Record<string, string> = {}) {
  const loaded = load(env, files);
  if (!loaded.ok) throw new Error(loaded.problems.map(problemText).join("\n"));
  const providers = loaded.config.providers.map(({ slug, baseUrl, credential }) => ({
    slug,
    baseUrl,
    fields: credentialFields(credential),
  }));
  return { providers, warnings: loaded.warnings.map(problemText), secrets: loaded.secretVariables };
}

function troubles(env: Record<string, string>, files: Record<string, string> = {}): string[] {
  const loaded = load(env, files);
  if (loaded.ok) throw new Error("this configuration should have been refused");
  return loaded.problems.map(problemText);
}

describe("Amazon Bedrock", () => {
  test("what every tool of Amazon's reads connects nobody by itself, and is not warned of", () => {
    expect(connected(AWS)).toMatchObject({ providers: [], warnings: [] });
  });

  test("with BEDROCK_REGION the same account is used, in that region", () => {
    const { providers, secrets } = connected({ ...AWS, BEDROCK_REGION: "ap-southeast-3" });
    expect(providers).toEqual([
      {
        slug: "amazon-bedrock",
        baseUrl: "https://bedrock-runtime.ap-southeast-3.amazonaws.com",
        fields: {
          region: "ap-southeast-3",
          accessKeyId: AWS.AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS.AWS_SECRET_ACCESS_KEY,
          sessionToken: AWS.AWS_SESSION_TOKEN,
        },
      },
    ]);
    expect(secrets).toContainValues(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]);
  });

  test("an access key of its own is not mixed with parts of another account", () => {
    const own = { BEDROCK_ACCESS_KEY_ID: "AKIAOTHER00000000000", BEDROCK_SECRET_ACCESS_KEY: "other/secret" };
    const { providers } = connected({ ...AWS, ...own, BEDROCK_REGION: "eu-west-1" });
    expect(providers[0]?.fields).toEqual({
      region: "eu-west-1",
      accessKeyId: own.BEDROCK_ACCESS_KEY_ID,
      secretAccessKey: own.BEDROCK_SECRET_ACCESS_KEY,
    });
  });

  test("half an access key is not completed from another account; what is missing is named", () => {
    const { providers, warnings } = connected({ ...AWS, BEDROCK_REGION: "eu-west-1", BEDROCK_ACCESS_KEY_ID: "AKIA" });
    expect(providers).toEqual([]);
    expect(warnings.join()).toContain("BEDROCK_SECRET_ACCESS_KEY");
  });

  test("a region without any key names what would complete it", () => {
    const { providers, warnings } = connected({ BEDROCK_REGION: "eu-west-1" });
    expect(providers).toEqual([]);
    expect(warnings.join()).toContain("BEDROCK_ACCESS_KEY_ID and BEDROCK_SECRET_ACCESS_KEY");
  });

  test("a Bedrock API key alone is enough beside the region", () => {
    const { providers } = connected({ BEDROCK_REGION: "eu-west-1", AWS_BEARER_TOKEN_BEDROCK: "ABSKinvented" });
    expect(providers[0]?.fields).toEqual({ region: "eu-west-1", apiKey: "ABSKinvented" });
  });

  test("an entry of the file asks for the account as well, and a half one in the file is a problem", () => {
    const file = "providers:\n  - type: amazon-bedrock\n    fields:\n      region: eu-west-1\n";
    const { providers } = connected(AWS, { "/srv/gapura.config.yaml": file });
    expect(providers[0]?.fields).toMatchObject({ region: "eu-west-1", accessKeyId: AWS.AWS_ACCESS_KEY_ID });
    expect(troubles({}, { "/srv/gapura.config.yaml": file }).join()).toContain("accessKeyId");
  });
});

describe("Google", () => {
  test.each(["GEMINI_API_KEY", "GOOGLE_API_KEY"])("%s connects AI Studio", (variable) => {
    const loaded = load({ [variable]: "AIza-invented" });
    if (!loaded.ok) throw new Error("refused");
    const [studio] = loaded.config.providers;
    expect([studio?.slug, studio?.credential?.reveal()]).toEqual(["google-ai-studio", "AIza-invented"]);
    expect(loaded.secretVariables).toContain(variable);
  });

  test("of both keys the one that names Gemini counts, and a key in the file counts before the shared one", () => {
    const keyOf = (env: Record<string, string>, files: Record<string, string> = {}) => {
      const loaded = load(env, files);
      return loaded.ok ? loaded.config.providers.map(({ credential }) => credential?.reveal()) : [];
    };
    expect(keyOf({ GEMINI_API_KEY: "AIza-one", GOOGLE_API_KEY: "AIza-two" })).toEqual(["AIza-one"]);
    const file = "providers:\n  - type: google-ai-studio\n    apiKey: AIza-three\n";
    expect(keyOf({ GOOGLE_API_KEY: "AIza-two" }, { "/srv/gapura.config.yaml": file })).toEqual(["AIza-three"]);
  });

  const vertex = { GOOGLE_VERTEX_PROJECT: "my-project", GOOGLE_VERTEX_LOCATION: "asia-southeast2" };

  test("Vertex takes the key file's content, or the path that Google's tools read", () => {
    const fields = { project: "my-project", location: "asia-southeast2", serviceAccount: KEY_FILE };
    const inline = connected({ ...vertex, GOOGLE_APPLICATION_CREDENTIALS_JSON: KEY_FILE });
    const byPath = connected(
      { ...vertex, GOOGLE_APPLICATION_CREDENTIALS: "/keys/sa.json" },
      { "/keys/sa.json": KEY_FILE },
    );
    for (const { providers } of [inline, byPath]) expect(providers[0]?.fields).toEqual(fields);
  });

  test("Google's own variable for a key file alone is neither read nor complained about", () => {
    expect(connected({ GOOGLE_APPLICATION_CREDENTIALS: "/nowhere.json" })).toMatchObject({
      providers: [],
      warnings: [],
    });
  });

  test("a path that leads nowhere is a problem once Vertex is asked for", () => {
    expect(troubles({ ...vertex, GOOGLE_APPLICATION_CREDENTIALS: "/nowhere.json" }).join()).toContain("/nowhere.json");
  });

  test.each([
    ["asia-southeast2", "https://asia-southeast2-aiplatform.googleapis.com/v1"],
    ["global", "https://aiplatform.googleapis.com/v1"],
    ["eu", "https://aiplatform.eu.rep.googleapis.com/v1"],
  ])("the location %s answers at %s", (location, baseUrl) => {
    const env = { ...vertex, GOOGLE_VERTEX_LOCATION: location, GOOGLE_APPLICATION_CREDENTIALS_JSON: KEY_FILE };
    expect(connected(env).providers[0]?.baseUrl).toBe(baseUrl);
  });

  test.each(["evil.example.com/", "constructor", "x@y"])("the location %s leads to no other host", (location) => {
    const env = { ...vertex, GOOGLE_VERTEX_LOCATION: location, GOOGLE_APPLICATION_CREDENTIALS_JSON: KEY_FILE };
    const loaded = load(env);
    const hosts = loaded.ok ? loaded.config.providers.map(({ baseUrl }) => new URL(baseUrl).host) : [];
    expect(hosts.filter((host) => !host.endsWith("-aiplatform.googleapis.com"))).toEqual([]);
  });
});

test("Azure needs its endpoint and its key, and a lonely one is warned of", () => {
  const env = { AZURE_OPENAI_ENDPOINT: "https://my-resource.openai.azure.com/", AZURE_OPENAI_API_KEY: "invented0123" };
  expect(connected(env).providers).toEqual([
    { slug: "azure", baseUrl: "https://my-resource.openai.azure.com", fields: { apiKey: "invented0123" } },
  ]);
  const { providers, warnings } = connected({ AZURE_OPENAI_ENDPOINT: env.AZURE_OPENAI_ENDPOINT });
  expect([providers, warnings.join().includes("AZURE_OPENAI_API_KEY")]).toEqual([[], true]);
});
