/** Which endpoints a slug means that a request, a preset or an account names. */
import type { Endpoint } from "../../catalog/catalog.ts";

/**
 * A base slug means every endpoint of the provider but those of a service tier, which have to be named in full. Behind
 * the slug of a provider that is a router itself may stand one of its own: `openrouter/groq` leads to OpenRouter.
 */
export function isMeant(slug: string, endpoint: Endpoint): boolean {
  if (isWholeName(slug, endpoint)) return true;
  if (endpoint.model?.serviceTier !== undefined) return false;
  if (endpoint.providerNames.includes(slug)) return true;
  return endpoint.readsWishes === true && endpoint.providerNames.some((name) => slug.startsWith(`${name}/`));
}

/** For lists of those to keep out: who stands behind a router is kept out there, not the router. */
export function isKeptOut(slug: string, endpoint: Endpoint): boolean {
  return endpoint.providerNames.includes(slug) || isWholeName(slug, endpoint);
}

export function isWholeName(slug: string, { tag, providerSlug, providerNames }: Endpoint): boolean {
  const behindSlug = tag.slice(providerSlug.length);
  if (behindSlug === "") return false;
  return providerNames.some((name) => slug === `${name}${behindSlug}`);
}
