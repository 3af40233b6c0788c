/** Lists of models as people type and read them. The server decides; this only spares a round trip. */
import type { TFunction } from "i18next";
import { isPattern, LONGEST_ALLOWED_MODEL, MOST_ALLOWED_MODELS } from "../../../../src/kernel/allowed-models.ts";
import { typedEntries } from "../../lib/typed-entries.ts";
import { textOf } from "../account/entries.ts";

export const MODELS_FIELD = "allowedModels";
export const TYPED_FIELD = "allowedModelTyped";

/** What the fields of `AllowedModelFields` hold: null for all. What is typed and not added yet counts too. */
export function readModels(form: FormData): string[] | null {
  if (!form.has(MODELS_FIELD)) return null;
  return typedEntries(`${textOf(form, MODELS_FIELD)} ${textOf(form, TYPED_FIELD)}`);
}

/** What is wrong with a list; undefined when nothing is. */
export function modelsProblem(entries: readonly string[] | null, t: TFunction): string | undefined {
  if (entries === null) return undefined;
  if (entries.length > MOST_ALLOWED_MODELS) return t("keys.modelsTooMany", { count: MOST_ALLOWED_MODELS });
  return entries.map((entry) => modelProblem(entry, t)).find((problem) => problem !== undefined);
}

export function modelProblem(entry: string, t: TFunction): string | undefined {
  if (entry.startsWith("~")) return t("keys.modelsNewest", { entry });
  if (/:(?:nitro|floor|exacto|online)(?::|$)/.test(entry)) return t("keys.modelsVariant", { entry });
  return entry.length > LONGEST_ALLOWED_MODEL ? t("keys.modelsInvalid") : undefined;
}

/** What is offered while one types: every model, and every author's models together. */
export function offeredEntries(modelIds: readonly string[]): string[] {
  const authors = new Set(modelIds.flatMap((id) => (id.includes("/") ? [`${id.slice(0, id.indexOf("/"))}/*`] : [])));
  return [...[...authors].sort(), ...modelIds];
}

/** An entry without an author is another name of a model, which the server knows. */
export function isWhole(entry: string): boolean {
  return isPattern(entry) || entry.includes("/");
}
