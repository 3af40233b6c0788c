/**
 * Reads single fields of a client's request. Every reader gives null for a field that is absent or null, and throws
 * GapuraError invalid_field, with the path that the client wrote, for one of another type.
 */
import { GapuraError } from "../../kernel/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../kernel/json.ts";

export function invalidField(field: string, reason: string): GapuraError {
  return new GapuraError("invalid_field", { values: { field, reason }, metadata: { field } });
}

/** An object and where it stands in the body, so that errors can name the field. */
export class Fields {
  readonly object: JsonObject;
  readonly #path: string;

  constructor(object: JsonObject, path = "") {
    this.object = object;
    this.#path = path;
  }

  /** The object of `value`, which must be one. */
  static of(value: JsonValue | undefined, path: string): Fields {
    if (!isJsonObject(value)) throw invalidField(path, "must be an object");
    return new Fields(value, path);
  }

  path(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null;
  }

  text(name: string): string | null {
    const value = this.object[name] ?? null;
    if (value === null || typeof value === "string") return value;
    throw this.wrong(name, "must be a string");
  }

  /** A text that must be there. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === null) throw this.wrong(name, "is missing; it must be a string");
    return value;
  }

  number(name: string): number | null {
    const value = this.object[name] ?? null;
    if (value === null || (typeof value === "number" && Number.isFinite(value))) return value;
    throw this.wrong(name, "must be a number");
  }

  whole(name: string, atLeast = 0): number | null {
    const value = this.number(name);
    if (value === null || (Number.isSafeInteger(value) && value >= atLeast)) return value;
    throw this.wrong(name, `must be a whole number of at least ${atLeast}`);
  }

  flag(name: string): boolean | null {
    const value = this.object[name] ?? null;
    if (value === null || typeof value === "boolean") return value;
    throw this.wrong(name, "must be true or false");
  }

  record(name: string): JsonObject | null {
    return this.child(name)?.object ?? null;
  }

  child(name: string): Fields | null {
    const value = this.object[name] ?? null;
    return value === null ? null : Fields.of(value, this.path(name));
  }

  /** The list under `name`, empty when it is absent. */
  list(name: string): JsonValue[] {
    const value = this.object[name] ?? null;
    if (value === null) return [];
    if (Array.isArray(value)) return value;
    throw this.wrong(name, "must be a list");
  }

  /** The objects of the list under `name`. */
  children(name: string): Fields[] {
    return this.list(name).map((value, index) => Fields.of(value, `${this.path(name)}[${index}]`));
  }

  texts(name: string): string[] {
    return this.list(name).map((value, index) => {
      if (typeof value === "string") return value;
      throw invalidField(`${this.path(name)}[${index}]`, "must be a string");
    });
  }

  /** One of `words`, else invalid. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | null {
    const value = this.text(name);
    const found = words.find((word) => word === value);
    if (value === null || found !== undefined) return found ?? null;
    throw this.wrong(name, `must be one of ${words.join(", ")}`);
  }

  wrong(name: string, reason: string): GapuraError {
    return invalidField(this.path(name), reason);
  }

  /** The fields that none of `known` names, as they are. */
  others(known: ReadonlySet<string>): JsonObject {
    return Object.fromEntries(Object.entries(this.object).filter(([name]) => !known.has(name)));
  }
}
