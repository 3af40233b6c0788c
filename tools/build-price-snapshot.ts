/**
 * Writes src/catalog/snapshot/prices.json, the price book that the program brings, from the data that the package
 * `@pydantic/genai-prices` carries. Run after an update of that package: `node tools/bun.mjs tools/build-price-snapshot.ts`.
 */
import projectPackage from "../package.json" with { type: "json" };
import { readPriceData } from "../src/catalog/book/read-price-data.ts";
import { parseJson } from "../src/kernel/json.ts";
import { packagedProviders } from "./price-package.ts";

const target = new URL("../src/catalog/snapshot/prices.json", import.meta.url);

const data = parseJson(JSON.stringify(await packagedProviders()));
const result = readPriceData(data.ok ? data.value : null, {
  version: `snapshot:genai-prices@${projectPackage.devDependencies["@pydantic/genai-prices"]}`,
  today: new Date().toISOString().slice(0, 10),
});
if (!result.ok) throw new Error(`the price package cannot be read: ${result.reason}`);

// One line for each model, so that an update can be read as a difference.
const { version, providers: books } = result.book;
const blocks = books.map(({ models, ...head }) => {
  const lines = models.map((model) => JSON.stringify(model)).join(",\n");
  return `${JSON.stringify(head).slice(0, -1)},"models":[\n${lines}\n]}`;
});
await Bun.write(target, `{"version":${JSON.stringify(version)},"providers":[\n${blocks.join(",\n")}\n]}\n`);
process.stdout.write(`${books.reduce((sum, { models }) => sum + models.length, 0)} models written\n`);
