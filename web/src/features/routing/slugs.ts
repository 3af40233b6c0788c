/** Providers by their short names, as people type them. */
const SLUG = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9._:-]+)*$/;

export function isSlug(slug: string): boolean {
  return slug.length <= 128 && SLUG.test(slug);
}
