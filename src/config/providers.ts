/** The providers that the file and the environment connect, as one list. */
import type { DataPolicy } from "../catalog/catalog.ts";
import { API_KEY_FIELD, BASE_URL_FIELD, credentialOf, isSealed, type VendorField } from "../catalog/vendors/fields.ts";
import { missingFields, type Vendor, type VendorType, vendorOf, vendorTypes } from "../catalog/vendors/vendors.ts";
import type { FoundSecret, Gathered } from "./gather.ts";
import { checkFields } from "./provider-fields.ts";
import type { FileProvider, ProviderConfig } from "./schema.ts";

/** One text of a field, and the place that a complaint about it names. */
interface Written {
  text: string;
  where: string;
}

/** A provider as it is being put together. */
interface Draft {
  type: VendorType;
  slug: string;
  name: string;
  models: string[] | null;
  source: ProviderConfig["source"];
  texts: Map<string, Written>;
  /** Fields that somebody wrote, but whose secret could not be read: that has been complained about. */
  unreadable: Set<string>;
  /** What the file says of what it does with prompts. */
  dataPolicy?: DataPolicy;
  /** The place of a field that nobody wrote. */
  placeOf(field: string): string;
}

/**
 * A variable of the environment wins over the same field in the file; the file's other fields stay. Problems go to
 * `gathered.problems`. `entries` are those of the file that passed the schema, under their place in its list.
 */
export function readProviders(gathered: Gathered, entries: ReadonlyMap<number, FileProvider>): ProviderConfig[] {
  const drafts = new Map<string, Draft>();
  for (const [index, entry] of entries) {
    const where = (field: string) => gathered.whereInFile(["providers", index, field]);
    const draft = fromFile(gathered, entry, where);
    if (draft === undefined) continue;
    if (drafts.has(draft.slug)) {
      gathered.problems.push({
        where: where("slug"),
        what: `two providers have the slug ${draft.slug}`,
        fix: "Give each its own slug.",
      });
    }
    drafts.set(draft.slug, draft);
  }
  for (const type of vendorTypes) addEnvironment(gathered, type, drafts);
  return [...drafts.values()].flatMap((draft) => finished(gathered, draft) ?? []);
}

function fromFile(gathered: Gathered, entry: FileProvider, where: (field: string) => string): Draft | undefined {
  const vendor = vendorOf(entry.type);
  const slug = entry.slug ?? vendor.slug;
  const texts = new Map<string, Written>();
  const unreadable = new Set<string>();
  if (entry.baseUrl !== undefined) texts.set(BASE_URL_FIELD, { text: entry.baseUrl, where: where("baseUrl") });
  const key = keyOfEntry(gathered, entry, where);
  if (key?.text !== undefined) texts.set(API_KEY_FIELD, { text: key.text, where: key.where });
  else if (key !== undefined) unreadable.add(API_KEY_FIELD);
  for (const [name, secret] of Object.entries(entry.fields ?? {})) {
    texts.set(name, { text: secret.reveal(), where: where("fields") });
  }
  for (const name of texts.keys()) {
    if (vendor.fields.some((field) => field.name === name)) continue;
    const known = vendor.fields.map((field) => field.name).join(", ");
    gathered.problems.push({
      where: where("fields"),
      what: `${vendor.name} has no field ${name}`,
      fix: `It has: ${known}.`,
    });
  }
  if (slug === null) {
    gathered.problems.push({
      where: where("slug"),
      what: "this provider has no slug",
      fix: "Add a line like `slug: my-server`.",
    });
  }
  const { type } = entry;
  const names = { slug: slug ?? "", name: entry.name ?? (vendor.slug === null ? (slug ?? "") : vendor.name) };
  const models = entry.models === undefined || entry.models.length === 0 ? null : entry.models;
  const draft: Draft = {
    type,
    ...names,
    models,
    source: "file",
    texts,
    unreadable,
    placeOf: where,
    ...policyOf(entry),
  };
  if (slug !== null) return draft;
  finished(gathered, draft);
  return undefined;
}

function policyOf({ dataCollection, zeroDataRetention }: FileProvider): Pick<Draft, "dataPolicy"> {
  const dataPolicy: DataPolicy = {
    ...(dataCollection === undefined ? {} : { dataCollection }),
    ...(zeroDataRetention === undefined ? {} : { zeroDataRetention }),
  };
  return Object.keys(dataPolicy).length === 0 ? {} : { dataPolicy };
}

/** The key as written, from the named file, or from the named variable: one of the three. */
function keyOfEntry(
  gathered: Gathered,
  entry: FileProvider,
  where: (field: string) => string,
): { text: string | undefined; where: string } | undefined {
  const written = [entry.apiKey, entry.apiKeyFile, entry.apiKeyVariable].filter((value) => value !== undefined);
  if (written.length > 1) {
    gathered.problems.push({
      where: where("apiKey"),
      what: "the key is named more than once",
      fix: "Keep one of apiKey, apiKeyFile and apiKeyVariable.",
    });
  }
  if (entry.apiKey !== undefined) return { text: entry.apiKey.reveal(), where: where("apiKey") };
  if (entry.apiKeyFile !== undefined) {
    const place = where("apiKeyFile");
    return { text: gathered.readSecretFile(place, entry.apiKeyFile), where: place };
  }
  if (entry.apiKeyVariable === undefined) return undefined;
  const text = gathered.environmentValue(entry.apiKeyVariable);
  gathered.secretVariables.add(entry.apiKeyVariable);
  if (text === undefined) {
    gathered.problems.push({
      where: where("apiKeyVariable"),
      what: `the environment variable ${entry.apiKeyVariable} is not set`,
      fix: `Set ${entry.apiKeyVariable}, or take this provider out of the file.`,
    });
  }
  return { text, where: entry.apiKeyVariable };
}

/** What the environment says about a vendor completes the file's entry under its slug, or is a provider of its own. */
function addEnvironment(gathered: Gathered, type: VendorType, drafts: Map<string, Draft>): void {
  const vendor = vendorOf(type);
  const { slug, name } = vendor;
  if (slug === null) return;
  const written = drafts.get(slug);
  const { texts, unreadable } = readVariables(gathered, vendor, written?.type === type ? written.texts : new Map());
  const isThere = (field: VendorField) => texts.has(field.name) || unreadable.has(field.name);
  if (written?.type === type) {
    for (const [field, text] of texts) written.texts.set(field, text);
    for (const field of unreadable) written.unreadable.add(field);
    if (vendor.fields.some((field) => isSealed(field) && isThere(field))) written.source = "environment";
    return;
  }
  if (written !== undefined || (texts.size === 0 && unreadable.size === 0)) return;
  const missing = missingFields(vendor, isThere);
  if (missing.length > 0) {
    if (vendor.sharesVariables !== true) warnOfLonely(gathered, vendor, { texts, missing });
    return;
  }
  const placeOf = (field: string) => vendor.fields.find((candidate) => candidate.name === field)?.variable ?? field;
  drafts.set(slug, { type, slug, name, models: null, source: "environment", texts, unreadable, placeOf });
}

/** `written` is what the file says of this vendor. */
function readVariables(
  gathered: Gathered,
  vendor: Vendor,
  written: ReadonlyMap<string, Written>,
): Pick<Draft, "texts" | "unreadable"> {
  const found: Pick<Draft, "texts" | "unreadable"> = { texts: new Map(), unreadable: new Set() };
  for (const field of vendor.fields) {
    if (field.variable === null) continue;
    if (isSealed(field)) noteSecret(found, field, gathered.secretFromEnvironment(field.variable));
    else noteText(found, field, { text: gathered.environmentValue(field.variable), where: field.variable });
  }
  const isThere = ({ name }: VendorField) => [found.texts, found.unreadable, written].some((known) => known.has(name));
  const shared = vendor.fields.filter(isShared);
  // Other programs' variables alone connect nobody, and complete no account that was begun in another place.
  const isAskedFor = vendor.fields.every((field) => !field.isRequired || isShared(field) || isThere(field));
  if (shared.length > 0 && isAskedFor && !shared.some(isThere)) readShared(gathered, shared, found);
  return found;
}

function isShared({ sharedVariable, sharedFileVariable }: VendorField): boolean {
  return sharedVariable !== undefined || sharedFileVariable !== undefined;
}

function readShared(gathered: Gathered, fields: readonly VendorField[], found: Pick<Draft, "texts" | "unreadable">) {
  for (const field of fields) {
    const { sharedVariable, sharedFileVariable } = field;
    const text = sharedVariable === undefined ? undefined : gathered.environmentValue(sharedVariable);
    if (sharedVariable !== undefined && text !== undefined) {
      if (isSealed(field)) gathered.secretVariables.add(sharedVariable);
      noteText(found, field, { text, where: sharedVariable });
      continue;
    }
    const path = sharedFileVariable === undefined ? undefined : gathered.environmentValue(sharedFileVariable);
    if (sharedFileVariable === undefined || path === undefined) continue;
    noteSecret(found, field, {
      value: gathered.readSecretFile(sharedFileVariable, path),
      where: sharedFileVariable,
    });
  }
}

function noteSecret(
  { texts, unreadable }: Pick<Draft, "texts" | "unreadable">,
  { name }: VendorField,
  found: FoundSecret | undefined,
) {
  if (found?.value !== undefined) texts.set(name, { text: found.value, where: found.where });
  else if (found !== undefined) unreadable.add(name);
}

function noteText(
  { texts }: Pick<Draft, "texts">,
  { name }: VendorField,
  found: { text: string | undefined; where: string },
) {
  if (found.text !== undefined) texts.set(name, { text: found.text, where: found.where });
}

function warnOfLonely(
  gathered: Gathered,
  vendor: Vendor,
  { texts, missing }: { texts: ReadonlyMap<string, Written>; missing: readonly VendorField[] },
): void {
  const needed = missing.map(({ variable, name }) => variable ?? name).join(" and ");
  const set = [...texts.values()].map(({ where }) => where).join(" and ");
  gathered.warnings.push({
    where: set,
    what: `this has no effect without ${needed}`,
    fix: `Set ${needed} to connect ${vendor.name}, or take ${set} away.`,
  });
}

function finished(gathered: Gathered, draft: Draft): ProviderConfig | undefined {
  const { type, slug, name, models, source, texts, unreadable } = draft;
  const vendor = vendorOf(type);
  const given = Object.fromEntries([...texts].map(([field, { text }]) => [field, text]));
  const { values, baseUrl, troubles } = checkFields(vendor, given);
  for (const { field, what } of troubles) {
    const written = texts.get(field.name);
    if (what === null && unreadable.has(field.name)) continue;
    const where = written?.where ?? draft.placeOf(isOwnLine(field) ? field.name : "fields");
    gathered.problems.push(what === null ? missingField(draft, field, where) : { where, what, fix: fixOf(field) });
  }
  if (baseUrl === null) return undefined;
  const credential = credentialOf(vendor.fields, values);
  const { dataPolicy } = draft;
  return { slug, type, name, baseUrl, credential, models, source, ...(dataPolicy === undefined ? {} : { dataPolicy }) };
}

/** Fields that have a line of their own in the file; all others stand under `fields`. */
function isOwnLine({ name }: VendorField): boolean {
  return name === API_KEY_FIELD || name === BASE_URL_FIELD;
}

function missingField({ slug }: Draft, field: VendorField, where: string) {
  if (field.name === BASE_URL_FIELD) {
    const fix = `Add a line like \`baseUrl: ${field.example}\`${orVariable(field)}.`;
    return { where, what: "this provider has no address", fix };
  }
  if (field.name === API_KEY_FIELD) {
    const fix = "Add apiKeyVariable or apiKeyFile to it, or set its own variable in the environment.";
    return { where, what: `the provider ${slug} has no API key`, fix };
  }
  const fix = `Add \`fields: { ${field.name}: … }\` to it${orVariable(field)}.`;
  return { where, what: `the provider ${slug} has no ${field.name} (${field.label.en})`, fix };
}

function orVariable({ variable }: VendorField): string {
  return variable === null ? "" : `, or set ${variable}`;
}

function fixOf(field: VendorField): string {
  if (field.kind === "url") return `Write a URL like ${field.example}.`;
  if (field.kind === "secret") return "Copy the key again from the provider's page.";
  return field.kind === "document" ? "Copy the whole file, from { to }." : `Write it like ${field.example}.`;
}
