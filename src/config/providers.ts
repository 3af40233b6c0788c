/** The providers that the file and the environment connect, as one list. */
import type { Secret } from "../kernel/secret.ts";
import type { Gathered } from "./gather.ts";
import type { FileProvider, ProviderConfig } from "./schema.ts";
import { providerVariables } from "./settings.ts";
import { apiKeyValue, upstreamUrlValue } from "./values.ts";

/**
 * A key in the environment wins over the file's; the file's other fields stay. Problems go to `gathered.problems`.
 * `entries` are those of the file that passed the schema, under their place in its list.
 */
export function readProviders(gathered: Gathered, entries: ReadonlyMap<number, FileProvider>): ProviderConfig[] {
  const found = new Map<string, ProviderConfig>();
  for (const [index, entry] of entries) {
    const where = (field: string) => gathered.whereInFile(["providers", index, field]);
    const provider = fromFile(gathered, entry, where);
    if (provider === undefined) continue;
    if (found.has(provider.slug)) {
      gathered.problems.push({
        where: where("slug"),
        what: `two providers have the slug ${provider.slug}`,
        fix: "Give each its own slug.",
      });
    }
    found.set(provider.slug, provider);
  }
  for (const provider of fromEnvironment(gathered)) {
    const written = found.get(provider.slug);
    found.set(provider.slug, {
      ...provider,
      name: written?.name ?? provider.name,
      baseUrl: provider.baseUrl ?? written?.baseUrl ?? null,
      models: written?.models ?? null,
    });
  }
  return [...found.values()];
}

function fromFile(
  gathered: Gathered,
  entry: FileProvider,
  where: (field: string) => string,
): ProviderConfig | undefined {
  const hosted = providerVariables.find((candidate) => candidate.type === entry.type);
  const slug = entry.slug ?? hosted?.slug;
  const baseUrl = entry.baseUrl ?? null;
  if (slug === undefined) {
    gathered.problems.push({
      where: where("slug"),
      what: "this provider has no slug",
      fix: "Add a line like `slug: my-server`.",
    });
  }
  if (hosted === undefined && baseUrl === null) {
    gathered.problems.push({
      where: where("baseUrl"),
      what: "this provider has no address",
      fix: "Add a line like `baseUrl: https://llm.example.com/v1`.",
    });
  }
  if (slug === undefined) return undefined;
  if (hosted !== undefined && !hasKey(gathered, entry, slug === hosted.slug ? hosted.apiKeyVariable : undefined)) {
    gathered.problems.push({
      where: where("apiKey"),
      what: `the provider ${slug} has no API key`,
      fix: "Add apiKeyVariable or apiKeyFile to it, or set its own variable in the environment.",
    });
  }
  return {
    slug,
    type: entry.type,
    name: entry.name ?? hosted?.name ?? slug,
    baseUrl,
    apiKey: keyOfEntry(gathered, entry, where),
    models: entry.models === undefined || entry.models.length === 0 ? null : entry.models,
    source: "file",
  };
}

function hasKey(gathered: Gathered, entry: FileProvider, variable: string | undefined): boolean {
  const isWritten = (entry.apiKey ?? entry.apiKeyFile ?? entry.apiKeyVariable) !== undefined;
  return isWritten || (variable !== undefined && gathered.secretFromEnvironment(variable) !== undefined);
}

/** The key as written, from the named file, or from the named variable: one of the three. */
function keyOfEntry(gathered: Gathered, entry: FileProvider, where: (field: string) => string): Secret | null {
  const written = [entry.apiKey, entry.apiKeyFile, entry.apiKeyVariable].filter((value) => value !== undefined);
  if (written.length > 1) {
    gathered.problems.push({
      where: where("apiKey"),
      what: "the key is named more than once",
      fix: "Keep one of apiKey, apiKeyFile and apiKeyVariable.",
    });
  }
  if (entry.apiKey !== undefined) return entry.apiKey;
  if (entry.apiKeyFile !== undefined) {
    return checkedKey(gathered, where("apiKeyFile"), gathered.readSecretFile(where("apiKeyFile"), entry.apiKeyFile));
  }
  if (entry.apiKeyVariable === undefined) return null;
  const value = gathered.environmentValue(entry.apiKeyVariable);
  gathered.secretVariables.add(entry.apiKeyVariable);
  if (value === undefined) {
    gathered.problems.push({
      where: where("apiKeyVariable"),
      what: `the environment variable ${entry.apiKeyVariable} is not set`,
      fix: `Set ${entry.apiKeyVariable}, or take this provider out of the file.`,
    });
  }
  return checkedKey(gathered, entry.apiKeyVariable, value);
}

function fromEnvironment(gathered: Gathered): ProviderConfig[] {
  const providers: ProviderConfig[] = [];
  for (const { type, slug, name, apiKeyVariable, baseUrlVariable } of providerVariables) {
    const key = gathered.secretFromEnvironment(apiKeyVariable);
    const address = gathered.environmentValue(baseUrlVariable);
    if (key === undefined) {
      if (address !== undefined) gathered.warnings.push(noEffect(baseUrlVariable, apiKeyVariable));
      continue;
    }
    providers.push({
      slug,
      type,
      name,
      baseUrl: checkedAddress(gathered, baseUrlVariable, address),
      apiKey: checkedKey(gathered, key.where, key.value),
      models: null,
      source: "environment",
    });
  }
  return providers;
}

function checkedKey(gathered: Gathered, where: string, value: string | undefined): Secret | null {
  if (value === undefined) return null;
  const result = apiKeyValue.safeParse(value);
  if (result.success) return result.data;
  const what = result.error.issues[0]?.message ?? "this is not a key";
  gathered.problems.push({ where, what, fix: "Copy the key again from the provider's page." });
  return null;
}

function checkedAddress(gathered: Gathered, where: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  const result = upstreamUrlValue.safeParse(value);
  if (result.success) return result.data;
  const what = result.error.issues[0]?.message ?? "this is not a URL";
  gathered.problems.push({ where, what, fix: "Write a URL like https://llm.example.com/v1." });
  return null;
}

function noEffect(variable: string, needed: string) {
  return {
    where: variable,
    what: `this has no effect without ${needed}`,
    fix: `Set ${needed}, or take ${variable} away.`,
  };
}
