/** The list of models as an RSS 2.0 feed, for who wants to hear of new ones. */
import type { OfferedModel } from "../../catalog/catalog.ts";

export const FEED_TYPE = "application/rss+xml; charset=utf-8";

/** `baseUrl` is the instance's, without a trailing slash; every item leads to the model on its Models page. */
export function modelsFeed(models: readonly OfferedModel[], baseUrl: string): string {
  const items = models.map((model) => {
    const link = `${baseUrl}/models?q=${encodeURIComponent(model.id)}`;
    const date = model.created > 0 ? `<pubDate>${new Date(model.created * 1000).toUTCString()}</pubDate>` : "";
    return `<item><title>${xml(model.name)}</title><link>${xml(link)}</link><guid isPermaLink="false">${xml(model.id)}</guid>${date}<description>${xml(model.description)}</description></item>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<rss version="2.0"><channel><title>Gapura: models</title><link>${xml(`${baseUrl}/models`)}</link>`,
    "<description>Models that can be called here.</description>",
    ...items,
    "</channel></rss>",
    "",
  ].join("\n");
}

/** Text for XML: its special characters escaped, and those that XML cannot hold left out. */
function xml(text: string): string {
  const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}
