/** What a process is told of its place among the workers of an instance, and what it tells the supervisor. */
import { isJsonObject } from "../../kernel/json.ts";
import type { WorkerRole } from "../../main.ts";

/** Set by the supervisor for those that it starts, and by nobody else. */
export const WORKER_VARIABLE = "GAPURA_WORKER";

export function writeRole({ number }: WorkerRole): string {
  return String(number);
}

/** Undefined for a process that is the whole instance, or the supervisor. */
export function readRole(text: string | undefined): WorkerRole | undefined {
  return /^[1-9][0-9]?$/.test(text ?? "") ? { number: Number(text) } : undefined;
}

/** Everything a worker tells: that it answers, and what it would have written to the terminal. */
export type WorkerMessage = { kind: "ready" } | { kind: "line"; text: string };

export function readMessage(message: unknown): WorkerMessage | undefined {
  if (!isJsonObject(message)) return undefined;
  if (message.kind === "ready") return { kind: "ready" };
  return message.kind === "line" && typeof message.text === "string" ? { kind: "line", text: message.text } : undefined;
}
