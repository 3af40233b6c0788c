/** Cuts values to what payload logging may keep, and marks every place where something is missing. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";

/** What a cut leaves in the place of what it took. */
function cutMark(what: string): string {
  return `… [Gapura kept no more: ${what}]`;
}

/** Counts down the characters that may still be kept. */
export class Budget {
  #left: number;
  /** True once something did not fit. */
  isCut = false;

  constructor(characters: number) {
    this.#left = characters;
  }

  /** As much of the text as fits, with a mark where the rest was. */
  text(text: string): string {
    if (text.length <= this.#left) {
      this.#spend(text.length);
      return text;
    }
    // Half a surrogate pair could not be stored as UTF-8.
    const kept = text.slice(0, this.#left).replace(/[\ud800-\udbff]$/, "");
    this.#left = 0;
    this.isCut = true;
    return kept + cutMark(`${text.length - kept.length} characters`);
  }

  /** As much of the value as fits; its shape stays, lists and objects lose their ends. */
  value(value: JsonValue): JsonValue {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return this.#list(value);
    if (isJsonObject(value)) return this.#object(value);
    this.#spend(String(value).length);
    return value;
  }

  #spend(characters: number): void {
    this.#left = Math.max(0, this.#left - characters);
  }

  #list(list: readonly JsonValue[]): JsonValue[] {
    const kept: JsonValue[] = [];
    for (const item of list) {
      if (this.#left <= 0) {
        this.isCut = true;
        kept.push(cutMark(`${list.length - kept.length} entries`));
        break;
      }
      kept.push(this.value(item));
    }
    return kept;
  }

  #object(object: JsonObject): JsonObject {
    const entries: [string, JsonValue][] = [];
    const names = Object.keys(object);
    for (const name of names) {
      if (this.#left <= 0) {
        this.isCut = true;
        entries.push(["…", cutMark(`${names.length - entries.length} fields`)]);
        break;
      }
      this.#spend(name.length);
      entries.push([name, this.value(object[name] ?? null)]);
    }
    return Object.fromEntries(entries);
  }
}
