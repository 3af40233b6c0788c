/** Providers by their short names, as people type them. */
const SLUG = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9._:-]+)*$/;

/** The slugs in a text, in lower case, each once; commas and spaces stand between them. */
export function typedSlugs(text: string): string[] {
  const typed = text.toLowerCase().split(/[\s,;]+/);
  return [...new Set(typed.filter((slug) => slug !== ""))];
}

export function isSlug(slug: string): boolean {
  return slug.length <= 128 && SLUG.test(slug);
}
