/** What the Playground takes from its address. */
import { comparedIds } from "../models/models-search.ts";

export interface PlaygroundSearch {
  /** Ids of models with commas between them, four at most. */
  models?: string | undefined;
  /** The id of the key that pays. */
  key?: string | undefined;
  /** A recorded request to begin with. */
  replay?: string | undefined;
  /** The conversation that is open, as this browser keeps it: a reload goes on with it. */
  chat?: string | undefined;
}

export function playgroundSearch(search: Record<string, unknown>): PlaygroundSearch {
  const fitting = (name: string, pattern: RegExp) => {
    const value = search[name];
    return typeof value === "string" && pattern.test(value) ? value : undefined;
  };
  return {
    models: fitting("models", /^\S{1,600}$/),
    key: fitting("key", /^\w{1,32}$/),
    replay: fitting("replay", /^[\w-]{1,64}$/),
    chat: fitting("chat", /^[\w-]{1,64}$/),
  };
}

export function modelsOf({ models }: PlaygroundSearch): string[] {
  return comparedIds({ compare: models });
}
