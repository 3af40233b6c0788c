import type { Texts } from "../texts.ts";
import { indonesianRest } from "./rest.ts";
import { indonesianStart } from "./start.ts";

/** Everything, for types and tests. Pages get it in two parts, as `language.ts` says. */
export const indonesianTexts: Texts = { ...indonesianStart, ...indonesianRest };
