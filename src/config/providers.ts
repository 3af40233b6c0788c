/** The providers that the file and the environment connect, as one list. */
import type { DataPolicy } from "../catalog/catalog.ts";
import { API_KEY_FIELD, BASE_URL_FIELD, credentialOf, isSealed, type VendorField } from "../catalog/vendors/fields.ts";
import { missingFields, type Vendor, type VendorType, vendorOf, vendorTypes } from "../catalog/vendors/vendors.ts";
import type { Secret } from "../kernel/secret.ts";
import {
  furtherKeys,
  hasOwnKey,
  type KeyDraft,
  numberedKeys,
  textsOf,
  type Written,
  withoutSecretsOf,
} from "./credentials.ts";
import type { FoundSecret, Gathered } from "./gather.ts";
import { checkFields } from "./provider-fields.ts";
import type { FileProvider, ProviderConfig } from "./schema.ts";
import { timeoutsOf } from "./timeouts.ts";

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
  /** Its keys beside that of `texts`. */
  further: KeyDraft[];
  /** What the file says of it besides how it is connected. */
  said: Pick<ProviderConfig, "dataPolicy" | "weight" | "priority" | "timeouts">;
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
    const where = (...path: PropertyKey[]) => gathered.whereInFile(["providers", index, ...path]);
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

function fromFile(
  gathered: Gathered,
  entry: FileProvider,
  where: (...path: PropertyKey[]) => string,
): Draft | undefined {
  const vendor = vendorOf(entry.type);
  const slug = entry.slug ?? vendor.slug;
  const { texts, unreadable } = textsOf(gathered, entry, where);
  if (entry.baseUrl !== undefined) texts.set(BASE_URL_FIELD, { text: entry.baseUrl, where: where("baseUrl") });
  for (const [name, secret] of Object.entries(entry.fields ?? {})) {
    texts.set(name, { text: secret.reveal(), where: where("fields") });
  }
  const further = furtherKeys(gathered, entry.credentials ?? [], where);
  for (const name of [texts, ...further.map((one) => one.texts)].flatMap((written) => [...written.keys()])) {
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
    further,
    said: saidOf(entry),
  };
  if (slug !== null) return draft;
  finished(gathered, draft);
  return undefined;
}

function saidOf({ dataCollection, zeroDataRetention, weight, priority, timeouts }: FileProvider): Draft["said"] {
  const dataPolicy: DataPolicy = {
    ...(dataCollection === undefined ? {} : { dataCollection }),
    ...(zeroDataRetention === undefined ? {} : { zeroDataRetention }),
  };
  return {
    ...(Object.keys(dataPolicy).length === 0 ? {} : { dataPolicy }),
    ...(weight === undefined ? {} : { weight }),
    ...(priority === undefined ? {} : { priority }),
    ...(timeouts === undefined ? {} : { timeouts: timeoutsOf(timeouts) }),
  };
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
    written.further.push(...numberedKeys(gathered, vendor));
    return;
  }
  if (written !== undefined || (texts.size === 0 && unreadable.size === 0)) return;
  const missing = missingFields(vendor, isThere);
  if (missing.length > 0) {
    if (vendor.sharesVariables !== true) warnOfLonely(gathered, vendor, { texts, missing });
    return;
  }
  const placeOf = (field: string) => vendor.fields.find((candidate) => candidate.name === field)?.variable ?? field;
  const draft = { type, slug, name, models: null, source: "environment" as const, texts, unreadable, placeOf };
  drafts.set(slug, { ...draft, further: numberedKeys(gathered, vendor), said: {} });
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
  const { type, slug, name, models, source, further, said } = draft;
  const vendor = vendorOf(type);
  const own: KeyDraft = { ...draft, id: OWN_KEY, weight: 1, priority: 0 };
  const keys = further.length > 0 && !hasOwnKey(vendor, own) ? further : [own, ...further];
  const read = keys.map((key) => ({ key, ...readKey(gathered, draft, { vendor, key }) }));
  const [first] = read;
  if (first === undefined || first.baseUrl === null) return undefined;
  const { baseUrl } = first;
  for (const { key, baseUrl: other } of read) {
    if (other === null || other === baseUrl) continue;
    gathered.problems.push({
      where: key.placeOf("fields"),
      what: "this key leads to another address than the first",
      fix: "Make it a provider of its own, with a slug of its own.",
    });
  }
  const credentials = read.map(({ key: { id, weight, priority }, secret }) => ({ id, secret, weight, priority }));
  const several = credentials.length > 1 ? { credentials } : {};
  return { slug, type, name, baseUrl, credential: first.secret, models, source, ...several, ...said };
}

/** What the provider's own key is called beside others. */
const OWN_KEY = "1";

function readKey(
  gathered: Gathered,
  draft: Draft,
  { vendor, key }: { vendor: Vendor; key: KeyDraft },
): { secret: Secret | null; baseUrl: string | null } {
  const given =
    key.id === OWN_KEY
      ? Object.fromEntries([...key.texts].map(([field, { text }]) => [field, text]))
      : withoutSecretsOf(vendor, draft.texts, key);
  const { values, baseUrl, troubles } = checkFields(vendor, given);
  for (const { field, what } of troubles) {
    const written = key.texts.get(field.name) ?? draft.texts.get(field.name);
    if (what === null && key.unreadable.has(field.name)) continue;
    const where = written?.where ?? key.placeOf(isOwnLine(field) ? field.name : "fields");
    gathered.problems.push(what === null ? missingField(draft, field, where) : { where, what, fix: fixOf(field) });
  }
  return { secret: credentialOf(vendor.fields, values), baseUrl };
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
