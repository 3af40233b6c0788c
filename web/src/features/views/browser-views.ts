/** Views that this browser kept of the Logs before the server did. They move there once, and are forgotten here. */
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../../../src/kernel/json.ts";
import { readStored, writeStored } from "../../lib/storage.ts";
import { logsSearch } from "../logs/logs-search.ts";
import { queryOf } from "./view-query.ts";

const LOGS = "logs";
const STORED_AS = "gapura.log-views";

export function browserViews(): BodyOf<"saveView">[] {
  return entries().flatMap(({ name, search }) => {
    if (typeof name !== "string" || !isJsonObject(search)) return [];
    return [{ page: LOGS, name, query: queryOf(logsSearch(search)) }];
  });
}

/** Once the server has it. */
export function forgetBrowserView(name: string): void {
  const left = entries().filter((entry) => entry.name !== name);
  writeStored(STORED_AS, left.length === 0 ? null : JSON.stringify(left));
}

function entries(): JsonObject[] {
  const parsed = parseJson(readStored(STORED_AS) ?? "[]");
  return parsed.ok && Array.isArray(parsed.value) ? parsed.value.filter(isJsonObject) : [];
}
