import { englishRest } from "./rest.ts";
import { englishStart } from "./start.ts";

/** Everything, for types and tests. Pages get it in two parts, as `language.ts` says. */
export const englishTexts = { ...englishStart, ...englishRest };
