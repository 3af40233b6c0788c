/**
 * What a program does with an official client, as data, so that the tests run it and `bench/clients` counts it. A
 * scenario changes nothing of its client but address and key, and throws when something is not as it should be.
 */
export interface Surroundings {
  /** Of the gateway, without a trailing slash. */
  url: string;
  apiKey: string;
  /** Of the same account. The instance keeps payloads. */
  managementKey: string;
  /** Resolves once the gateway has recorded that the client of this generation left. */
  sawClientLeave(generationId: string): Promise<void>;
}

export type OperationName =
  | "whole"
  | "streamed"
  | "tools"
  | "structured output"
  | "image"
  | "errors"
  | "abort"
  | (string & {});

export interface Scenario {
  client: string;
  operation: OperationName;
  run(surroundings: Surroundings): Promise<void>;
}

/** Throws with `what` unless it holds. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** What a call that must fail was rejected with. */
export async function failureOf(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("the call should have failed");
}

/** A one-pixel picture. */
export const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const MODEL = "gpt-3.5";
export const HALO = "Halo, apa kabar?";
/** An answer that takes long enough to be left. */
export const SLOW = "[sandbox: chunks=500 token_delay=10ms] Count for me";
export const WEATHER_SCHEMA = {
  type: "object" as const,
  properties: { city: { type: "string", minLength: 3 } },
  required: ["city"],
  additionalProperties: false,
};

/** Throws unless `text` is JSON with a city. */
export function mustBeWeather(text: string): void {
  const value: unknown = JSON.parse(text);
  const city = typeof value === "object" && value !== null && "city" in value ? value.city : undefined;
  must(typeof city === "string" && city.length >= 3, `the arguments follow the schema: ${text}`);
}
