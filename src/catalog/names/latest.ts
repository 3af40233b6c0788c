/**
 * `~author/family-latest` is the newest model of a family: of `anthropic/claude-opus-4.6` the family is "claude-opus"
 * and the version 4.6, of `google/gemini-3.5-flash` "gemini-flash" and 3.5. A model whose name says more (a size, a
 * preview, a variant) is of another family, so that the alias never leaves what it names.
 */
const ALIAS = /^~([^/:]+)\/([^/:]+)-latest$/;
const VERSION = /^([a-z]?)(\d{1,3}(?:\.\d{1,3})*)$/;
/** A preview is taken only while there is nothing else. */
const PREVIEW = /^(?:preview|beta|exp)$/;

interface Read {
  family: string;
  version: number[];
  isPreview: boolean;
}

/** The id that such a name means among `ids`, or undefined when it is no such name or there is no such family. */
export function latestOf(modelName: string, ids: Iterable<string>): string | undefined {
  const [, author, family] = ALIAS.exec(modelName.toLowerCase()) ?? [];
  if (author === undefined || family === undefined) return undefined;
  let best: (Read & { id: string }) | undefined;
  for (const id of ids) {
    if (!id.toLowerCase().startsWith(`${author}/`) || id.includes(":")) continue;
    const read = readSlug(id.slice(author.length + 1).toLowerCase());
    if (read.family !== family || read.version.length === 0) continue;
    if (best === undefined || isNewer(read, best)) best = { ...read, id };
  }
  return best?.id;
}

function readSlug(slug: string): Read {
  const words: string[] = [];
  const version: number[] = [];
  let isPreview = false;
  for (const word of slug.split("-")) {
    const match = VERSION.exec(word);
    if (match) version.push(...(match[2] ?? "").split(".").map(Number));
    else if (PREVIEW.test(word)) isPreview = true;
    else words.push(word);
  }
  return { family: words.join("-"), version, isPreview };
}

function isNewer(a: Read, b: Read): boolean {
  if (a.isPreview !== b.isPreview) return b.isPreview;
  for (let index = 0; index < Math.max(a.version.length, b.version.length); index++) {
    const difference = (a.version[index] ?? 0) - (b.version[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
